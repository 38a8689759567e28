#!/usr/bin/env bash
# `maas run` with limits, in a sandbox, and programs that are nested or large beyond reason.
source "${BASH_SOURCE[0]%/*}/harness.sh"
mkdir -p "$scratch/inside" && cd "$scratch/inside" || exit 1

# ends ID ARGUMENT…: a script run with these arguments ends with that error and exit code 1.
ends() {
  local id=$1
  shift
  "$maas" run "$@" > shown 2>&1
  same "$?" 1 && has shown "error[$id]"
}

printf 'while true { }\n' > loop.maas
printf 'x = []\nwhile true { x = append(x, [1, 2, 3, 4]) }\n' > memory.maas
printf 'x = try { while true { }; 1 } catch _ -> 1\nprint("went on")\n' > held.maas
printf 'data = dataset(tensor([[0, 0], [1, 1]]), tensor([0, 1]), kind: "classes")
m = fit(network { dense(2) }, data, loss: cross_entropy, epochs: 10000000)\nprint("went on")\n' > fit.maas
check '--max-seconds ends a loop' ends time-limit --max-seconds 0.2 loop.maas
check 'and training' ends time-limit --max-seconds 0.2 fit.maas
check 'and no try holds it' ends time-limit --max-seconds 0.2 held.maas
check 'none of them went on' same "$(cat shown | grep -c 'went on')" 0
check '--max-memory ends what fills it' ends memory-limit --max-memory 300M memory.maas
check '--max-steps ends a loop' ends step-limit --max-steps 100000 loop.maas
printf 'n = 0\nfor i in 0..1000 { n += i }\nprint(n)\n' > short.maas
check 'what stays within its limits runs' same \
  "$("$maas" run --max-seconds 60 --max-memory 2G --max-steps 5000 --sandbox short.maas)" 499500
check 'a size that is none is wrong usage' same \
  "$("$maas" run --max-memory much short.maas > /dev/null 2>&1; printf '%s' "$?")" 2

# The sandbox: climbing, links, absolute paths, links that lead nowhere yet, the network.
printf 'a,b\n1,2\n' > ../outside.csv
cp ../outside.csv inside.csv
ln -s ../outside.csv link.csv
ln -s .. up
ln -s ../made.txt dangling.txt
printf 'x = 1\n' > ../other.maas
files=$project/Tests/DataTests/Fixtures/files
cp "$files/small.npz" "$files/grey.png" "$files/kind8.idx" "$files/table.csv.gz" ..
mkdir -p ../images/grey classes/grey
cp "$files/grey.png" ../images/grey
cp "$files/grey.png" classes/grey
ln -s ../../../grey.png classes/grey/link.png
sandboxed() {
  printf '%s\n' "$1" > script.maas
  ends sandboxed --sandbox script.maas
}
for code in 'load("../outside.csv")' 'load("link.csv")' 'load("up/outside.csv")' \
  'load("./../inside/../outside.csv")' 'read_text("/etc/passwd")' 'import("../other.maas")' \
  'write_text("x", "../made.txt")' 'write_text("x", "dangling.txt")' \
  'write_text("x", "nowhere/../../made.txt")' 'save(table((a: [1])), "up/made.csv")' \
  'load("../small.npz")' 'load("up/grey.png")' 'load("../kind8.idx")' 'load("../table.csv.gz")' \
  'load("../images")' 'load("up/images", size: [2, 2])' 'load("classes")' 'load("../nowhere")' \
  'save((x: tensor([1])), "../made.npz")' 'save(full([2, 2], 1, dtype: "u8"), "up/made.png")' \
  'request("http://127.0.0.1:1/")'; do
  check "the sandbox forbids $code" sandboxed "$code"
done
check 'and nothing was made outside' same "$(ls .. | tr '\n' ' ')" \
  'grey.png images inside kind8.idx other.maas outside.csv small.npz table.csv.gz '
printf 'print(length(load("inside.csv")))\nsave(table((a: [1])), "new.csv")\n' > script.maas
check 'what lies beside the script is its own' same "$("$maas" run --sandbox script.maas)" 1
check 'also when it starts elsewhere' same \
  "$(cd / && "$maas" run --sandbox "$scratch/inside/script.maas" 2>&1 | grep -c 'error\[sandboxed\]')" 1

# Nested or long beyond reason: an error, never a crash.
for text in '(' '[' '-' '{' 'if ' 'not ' 'f(' 'x = [' 'match 1 { _ -> ' 'try ' '"{' '1 + ' 'x.a' 'a |> '; do
  head -c 1000000 < <(yes "$text" | tr -d '\n') > nested.maas
  timeout -s KILL 60 "$maas" run nested.maas > shown 2>&1
  check "1 MB of '$text' is an error" same "$?" 1
done

# Deep recursion that is allowed, through what calls back.
cat > deep.maas <<'MAAS'
fn through_map(n) = if n == 0 { 0 } else { map([n], k -> 1 + through_map(k - 1))[0] }
fn through_match(n) = match n { 0 -> 0; k -> 1 + through_match(k - 1) }
fn through_try(n) = try { if n == 0 { 0 } else { 1 + through_try(n - 1) } } catch e -> fail(e.message)
fn plain(n) = if n == 0 { 0 } else { 1 + plain(n - 1) }
print(plain(10000), through_map(10000), through_match(10000), through_try(10000))
MAAS
check '10,000 calls deep works, also through map, match and try' same \
  "$("$maas" run deep.maas 2>&1)" '10000 10000 10000 10000'
printf 'fn f(n) = map([n], k -> f(k + 1))\nf(0)\n' > endless.maas
check 'past the limit it is an error' ends too-deep endless.maas

finish

#!/usr/bin/env bash
# `maas serve` and `serve`: ports, many clients at once, threads. Clients are of bash alone.
source "${BASH_SOURCE[0]%/*}/harness.sh"
cd "$scratch" || exit 1
set -m

# A model of the digits, and for 32 sets of rows the body to send and the answer of the script.
cat > prepare.maas <<'MAAS'
data = load(arguments[0]) |> dataset(target: "digit")
net = network { scale(1 / 16); dense(32, relu); dense(10) }
model = fit(net, data, loss: cross_entropy, epochs: 2)
register(model, "digits")
for i in 0..32 {
  rows = data.features[i * 20 .. i * 20 + i + 1]
  answer = (predictions: predict(model, rows), probabilities: probabilities(model, rows), model: "digits", version: 1)
  print(to_json((data: rows)))
  print(to_json(answer))
}
MAAS
"$maas" run prepare.maas "$project/scripts/data/digits.csv" > exchanges 2> notes
check 'a model is trained and registered' same "$?$(wc -l < exchanges)" 064

"$maas" serve digits --port 0 > shown 2>&1 &
process=$!
check 'maas serve prints its address' soon grep -q 'serving at http://127.0.0.1:' shown
port=$(grep -oE '[0-9]+,' shown)
port=${port%,}

# ask BODY: one request on the connection of descriptor 9; its answer's body in `answer`.
ask() {
  local line length=0
  printf 'POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s' \
    "${#1}" "$1" >&9
  while IFS= read -rt 10 line <&9 && [[ $line != $'\r' ]]; do
    [[ ${line,,} == content-length:* ]] && length=${line//[^0-9]/}
  done
  IFS= read -rt 10 -N "$length" answer <&9
}

# client FIRST: sends all 32 bodies over one connection, starting with number FIRST; prints how
# many of the answers are, to the last digit, those of the script.
client() {
  local round number equal=0 answer
  exec 9<> "/dev/tcp/127.0.0.1/$port"
  for round in {0..31}; do
    number=$(((round + $1) % 32))
    ask "${bodies[number]}"
    [[ $answer == "${expected[number]}" ]] && equal=$((equal + 1))
  done
  printf '%d\n' "$equal"
}

LC_ALL=C
mapfile -t lines < exchanges
bodies=() expected=()
for ((i = 0; i < 64; i += 2)); do
  bodies+=("${lines[i]}") expected+=("${lines[i + 1]}")
done

threads() { ls "/proc/$process/task" | wc -l; }

check 'one client gets the answers of the script, to the last digit' same "$(client 0)" 32
before=$(threads)
clients=()
for i in {0..31}; do
  client "$i" > "client$i" 2>&1 &
  clients+=($!)
done
most=0
any_left() { local id; for id in "${clients[@]}"; do is_over "$id" || return 0; done; return 1; }
while any_left; do
  now=$(threads)
  ((now > most)) && most=$now
done
wait "${clients[@]}"
check '32 clients at once get them too' same "$(cat client* | sort | uniq -c | tr -s ' ')" ' 32 32'
check 'and no thread is added for them' same "$((most <= before))" 1

"$maas" serve digits --port "$port" > taken 2>&1
check 'a port in use ends with 1' same "$?" 1
check 'and the error says what to do' same "$(sed "s/$port/PORT/" taken)" \
  "$(< "$project/Tests/Goldens/commands/port-in-use.txt")"
printf 'model = load("digits")\nserver = serve(model, port: %d)\n' "$port" > serve.maas
"$maas" run serve.maas > taken 2>&1
check 'so does it in a script' same "$(sed "s/$port/PORT/" taken)" \
  "$(< "$project/Tests/Goldens/commands/port-in-use-in-a-script.txt")"

# What was accepted is answered: the request is written in two parts, SIGTERM comes between.
exec 9<> "/dev/tcp/127.0.0.1/$port"
printf 'POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n' \
  "${#bodies[0]}" >&9
printf '%s' "${bodies[0]:0:10}" >&9
kill -TERM "$process"
is_refused() { ! (exec 7<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null; }
check 'after SIGTERM nobody new is let in' soon is_refused
printf '%s' "${bodies[0]:10}" >&9
check 'but what was begun is answered' contains "$(tr '\r' '\n' <&9)" "${expected[0]}"
exec 9>&-
soon is_over "$process"
wait "$process" 2> /dev/null
check 'and the exit code is 0' same "$?" 0

finish

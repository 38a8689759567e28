#!/usr/bin/env bash
# Values that a script's loop hands over to its functions: nobody sees the variable empty. (A script
# with marks hands nothing over, so that an error of one leaves its variables.)
source "${BASH_SOURCE[0]%/*}/harness.sh"
cd "$scratch" || exit 1

# prints TEXT: what the script on standard input prints.
prints() {
  cat > script.maas
  same "$("$maas" run script.maas 2>&1)" "$1"
}

check 'a loop hands its variable over' prints $'[2, 1] [0, 0]\n(xs: [3, 0]) 2' <<'SCRIPT'
fn put(xs, v) {
  xs[0] += v
  xs
}
xs = [0, 1]
old = [0, 0]
for i in 0..2 { xs = put(xs, 1) }
kept = old
for i in 0..2 { old = put(old, 5) }
print(xs, kept)
r = (xs: [0, 0])
before = r
while r.xs[0] < 3 { r.xs = put(r.xs, 1) }
print(r, length(before.xs))
SCRIPT

check 'a function that reads the variable finds it' prints $'[3] 3' <<'SCRIPT'
fn seen() = length(xs)
fn longer(list) = append(list, seen())
xs = []
for i in 0..3 { xs = longer(xs) }
print([length(xs)], xs[-1] + 1)
SCRIPT

check 'so does a lambda in a record' prints '[0, 1, 2]' <<'SCRIPT'
tools = (size: () -> length(xs))
fn longer(list, tools) = append(list, tools.size())
xs = []
for i in 0..3 { xs = longer(xs, tools) }
print(xs)
SCRIPT

check 'a try finds the variable as it was' prints '[1, 2] wrong' <<'SCRIPT'
fn spoil(xs) {
  xs[0] = 100
  fail("wrong")
}
xs = [1, 2]
said = ""
for i in 0..1 { try { xs = spoil(xs) } catch e -> { said = e.message } }
print(xs, said)
SCRIPT

finish

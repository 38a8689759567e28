#!/usr/bin/env bash
# Ctrl-C and SIGTERM: at the prompt of a terminal, in a loop, in builtins, in `fit`, while serving.
source "${BASH_SOURCE[0]%/*}/harness.sh"
cd "$scratch" || exit 1
# With job control a process in the background is one that Ctrl-C reaches.
set -m

cat > data.maas <<'MAAS'
data = dataset(tensor([[0, 0], [0, 1], [1, 0], [1, 1]]), tensor([0, 1, 1, 0]), kind: "classes")
net = network { dense(8, tanh); dense(2) }
MAAS

# runs TEXT: starts a script in the background: `process`, with its output in the file `shown`.
runs() {
  { cat data.maas; printf '%s\n' "$1"; } > script.maas
  : > shown
  "$maas" run script.maas > shown 2>&1 &
  process=$!
}

# ended CODE: the script ends soon, with that exit code.
ended() {
  local status
  soon is_over "$process" || { kill -KILL "$process"; return 1; }
  wait "$process" 2> /dev/null
  status=$?
  same "$status" "$1"
}

for loop in 'while true { }' 'for i in 0..1e15 { x = map([i], y -> y) }' \
  'fn f(n) { while true { n = n + 1 } }; print(map([1], f))' \
  'x = list(0..1000000000)' 'x = sum(map(0..1000000000, x -> x))' \
  'a = zeros(3000, 3000); while true { a = a @ a }'; do
  runs "print(\"begun\")
$loop"
  soon has shown begun
  kill -INT "$process"
  check "Ctrl-C ends with 130: $loop" ended 130
  check 'and says so' has shown 'error[interrupted]'
done

fitting='model = fit(net, data, loss: cross_entropy, epochs: 9000000)
print("trained: {length(model.history) > 0}, {length(predict(model, data))} rows")'

runs "$fitting
print(\"went on\")"
soon has shown 'fit: 4 rows'
kill -INT "$process"
check 'Ctrl-C in fit ends the training, and the script goes on' ended 0
check 'with a note' has shown 'note: training stopped after '
check 'and the model as trained so far' has shown 'trained: true, 4 rows'
check 'to its end' has shown 'went on'

runs "$fitting
print(\"looping\")
while true { }"
soon has shown 'fit: 4 rows'
kill -INT "$process"
soon has shown looping
kill -INT "$process"
check 'a second Ctrl-C ends the script with 130' ended 130

runs "$fitting"
soon has shown 'fit: 4 rows'
kill -TERM "$process"
check 'SIGTERM in fit ends the script with 143' ended 143
check 'without going on' same "$(grep -c ^trained shown)" 0

for signal in INT TERM; do
  runs 'model = fit(net, data, loss: cross_entropy, epochs: 2)
first = serve(model, port: 0)
first = serve(model, port: 0)'
  check 'a script with servers waits at its end' soon grep -q 'serving at' shown
  check 'and prints the address of each' soon same "$(grep -c '^serving at http://127.0.0.1:' shown)" 2
  kill "-$signal" "$process"
  check "until SIG$signal" ended 0
done

# A terminal: `script` makes one, keys come from a pipe. `exec`, for some shells take Ctrl-C too.
mkfifo keys
TERM=xterm NO_COLOR=1 XDG_STATE_HOME=$scratch script -qfec "exec $maas" screen < keys > /dev/null 2>&1 &
process=$!
exec 8> keys
trap '' PIPE
# prompts ENTRY COUNT: so often the prompt of an entry has been shown. A key that comes before its
# prompt may be thrown away by the Ctrl-C in front of it.
prompts() { (($(grep -oF "[$1]: " screen 2> /dev/null | wc -l) >= $2)); }
soon prompts 1 1
printf 'abandoned + ' >&8
soon has screen abandoned
printf '\003' >&8
check 'Ctrl-C at the prompt drops the line' soon prompts 1 2
printf 'kept = 41\n(1,\n' >&8
soon has screen '...: '
printf '\003' >&8
check 'and the lines of an entry that is not whole' soon prompts 2 2
printf 'print("loop" + "ing"); while true { }\n' >&8
soon has screen looping
printf '\003' >&8
check 'in a loop it stops the loop' soon has screen 'error[interrupted]'
check 'and tells that nothing is lost' soon has screen 'variables keep their values'
soon prompts 3 1
printf 'kept + 1\n' >&8
check 'and every variable keeps its value' soon has screen 42
soon prompts 4 1
printf '\004' >&8
check 'Ctrl-D leaves' ended 0
exec 8>&-

# Ctrl-C in `fit` on a terminal, at any moment of a step: oneDNN keeps data where its stack pointer
# points, so a handler needs a stack of its own (more than half of such presses ended in an abort).
{ cat data.maas; printf 'model = fit(net, data, loss: cross_entropy, epochs: 9000000)\n'; } > script.maas
printf 'print("after " + type(model))\n' >> script.maas
whole=0
for round in {1..12}; do
  TERM=xterm script -qfec "exec $maas run script.maas" "screen$round" < keys > /dev/null 2>&1 &
  process=$!
  exec 8> keys
  soon has "screen$round" 'left'
  printf '\003' >&8
  soon is_over "$process" || kill -KILL "$process"
  wait "$process" 2> /dev/null && has "screen$round" 'after model' && whole=$((whole + 1))
  exec 8>&-
done
check 'Ctrl-C in fit on a terminal gives the model back, each time' same "$whole" 12

# SIGTERM ends the prompt, also while something runs. The process is the child of `script`.
TERM=xterm NO_COLOR=1 XDG_STATE_HOME=$scratch script -qfec "exec $maas" screen < keys > /dev/null 2>&1 &
process=$!
exec 8> keys
soon prompts 1 1
printf 'print("loop" + "ing"); while true { }\n' >&8
soon has screen looping
read -r child < "/proc/$process/task/$process/children"
kill -TERM $child
check 'SIGTERM ends the prompt too' soon is_over "$process"
wait "$process" 2> /dev/null
exec 8>&-

finish

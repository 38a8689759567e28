#!/usr/bin/env bash
# What maas prints and ends with: exit codes 0, 1, 2 and 130, arguments, input that is no terminal.
source "${BASH_SOURCE[0]%/*}/harness.sh"
cd "$scratch" || exit 1

# ends CODE ARGUMENTS…: runs maas, keeps its output in `out` and `err`, and compares its exit code.
ends() {
  local code=$1 status
  shift
  "$maas" "$@" > out 2> err < /dev/null
  status=$?
  same "$status" "$code"
}

check 'code that works ends with 0' ends 0 -e '1 + 1'
check 'and shows its value' same "$(< out)" 2
check 'each expression of a line is shown' same "$("$maas" -e '1 + 1; x = 3; x')" $'2\n3'
check 'nothing else' same "$(< err)" ''
check 'nil shows nothing' same "$("$maas" -e nil)" ''
check 'an error ends with 1' ends 1 -e '1 + nope'
check 'which is on standard error' contains "$(< err)" 'error[unknown-name]'
check 'not on standard output' same "$(< out)" ''
check 'a syntax error ends with 1' ends 1 -e '1 +'

check '--version' ends 0 --version
check 'is the name and a number' contains "$(< out)" 'maas 0.'
check '--help' ends 0 --help
check 'lists the commands' contains "$(< out)" 'maas run digits.maas'
for wrong in '-e' 'bogus' '--bogus' 'run' 'serve' 'serve x --port y' 'serve x --bogus' 'test'; do
  # Words of the line, on purpose.
  # shellcheck disable=SC2086
  check "wrong usage ends with 2: maas $wrong" ends 2 $wrong
  check 'and says why' contains "$(< err)" 'Usage: maas'
done

printf 'print(arguments)\nlast = length(arguments)\n' > arguments.maas
check 'a script runs' ends 0 run arguments.maas a 'b c' --port -1
check 'with all its arguments' same "$(< out)" '["a", "b c", "--port", "-1"]'
check 'also without run before it' ends 0 arguments.maas a --json
check 'all that follows it is its own' same "$(< out)" '["a", "--json"]'
check 'a file that is not there ends with 1' ends 1 run nowhere.maas
check 'and is named' contains "$(< err)" "error[no-such-file]: there is no file 'nowhere.maas'"
check 'so does a folder' ends 1 run .
printf 'x = "\xff"\n' > latin.maas
check 'and a file that is no UTF-8' ends 1 run latin.maas
check 'which says so' contains "$(< err)" 'error[not-utf8]'
printf 'print("one")\nnope\nprint("two")\n' > fails.maas
check 'a script stops at its error' ends 1 run fails.maas
check 'what it printed before stays' same "$(< out)" ''
printf 'print("one")\nx = [1, 2][5]\nprint("two")\n' > fails.maas
check 'also at one that only running shows' ends 1 run fails.maas
check 'and what it printed before stays' same "$(< out)" one
check 'a model that nobody registered ends with 1' ends 1 serve nobody --port 0
check 'and names what to do' contains "$(< err)" 'error[unknown-model]'

check 'lines from a pipe are entries' same "$(printf '1 + 1\nx = [1,\n2]\nx\n_ + [3]\n|> sum' | "$maas")" \
  $'2\n[1, 2]\n[1, 2, 3]\n6'
check 'a bracket that closes the wrong one ends the entry' same \
  "$(printf 'f(1]\n1 + 1\n[\n)\n2 + 2\n' | "$maas" 2> /dev/null)" $'2\n4'
check 'after an error the rest still runs' same \
  "$(printf 'before = 42\nnope\nbefore\n' | "$maas" 2> /dev/null)" 42
printf 'nope\n1\n' | "$maas" > out 2>&1
check 'and the exit code is 1' same "$?" 1
printf '' | "$maas" > out 2>&1
check 'no input ends with 0' same "$?$(< out)" 0

check 'marks that hold end with 0' ends 0 test "$project/Tests/Scripts/language/values_are_copied_not_shared.maas"
printf '1 + 1  # => 3\n2  # => 2\n' > marks.maas
check 'one that does not ends with 1' ends 1 test marks.maas
check 'and is counted' same "$(tail -n 1 out)" '1 passed, 1 failed'

finish

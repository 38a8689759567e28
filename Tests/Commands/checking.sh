#!/usr/bin/env bash
# maas check, and --json: exit codes, streams, the shape of a line.
source "${BASH_SOURCE[0]%/*}/harness.sh"
cd "$scratch" || exit 1

printf 'x = 1\nprint(x)\n' > fine.maas
printf 'for i in 0..2 { print("图") }\n' > warned.maas
printf 'print("图", nope)\nsqrt(1, 2)\n' > wrong.maas

"$maas" check fine.maas > out 2> err
check 'a sound file ends with 0' same "$?$(< out)$(< err)" 0
"$maas" check warned.maas > out 2> err
check 'warnings alone end with 0' same "$?" 0
check 'and are on standard error' contains "$(< err)" 'warning[unused-name]'
check 'with their count' contains "$(< err)" '0 errors, 1 warning'
"$maas" check . > out 2> err
check 'errors end with 1' same "$?" 1
check 'all files of a folder are checked' contains "$(< err)" 'warned.maas:1:5'
check 'all errors are found in one go' contains "$(< err)" 'error[too-many-arguments]'
check 'nothing is run' same "$(< out)" ''
"$maas" check nowhere.maas 2> err
check 'a file that is not there ends with 1' same "$?" 1

"$maas" check --json wrong.maas > out 2> err
check '--json ends with 1, too' same "$?" 1
check 'it prints a line for each finding' same "$(wc -l < out)" 2
check 'and nothing else' same "$(< err)" ''
check 'lines and UTF-16 characters count from 0' contains "$(head -n 1 out)" \
  '"range":{"start":{"line":0,"character":11},"end":{"line":0,"character":15}}'
check 'bytes are those of the text' contains "$(head -n 1 out)" '"bytes":{"start":13,"end":17}'
check 'id and severity lead' contains "$(head -n 1 out)" '{"id":"unknown-name","severity":"error",'
printf 'xs = [1]\nprint(xs[3])\n' > runs.maas
"$maas" run --json runs.maas > out 2> err
check 'run --json ends with 1' same "$?" 1
check 'its errors are lines of JSON on standard error' contains "$(< err)" \
  '{"id":"index-out-of-range","severity":"error",'
printf 'print(arguments)\n' > arguments.maas
check 'a --json behind the script is its own' same \
  "$("$maas" run arguments.maas --json)" '["--json"]'

finish

#!/usr/bin/env bash
# maas fmt: files and folders, --check, files with errors, permissions.
source "${BASH_SOURCE[0]%/*}/harness.sh"
cd "$scratch" || exit 1

mkdir -p folder/inner
printf 'x=1   # => 1\n\n\n\ny = [ 1,2 ]\n' > folder/loose.maas
printf 'x = 1  # => 1\n\ny = [1, 2]\n' > expected
cp expected folder/inner/neat.maas
printf 'x=1' > folder/other.txt
printf 'x = = 1\n' > broken.maas
chmod 640 folder/loose.maas

check '--check names what is laid out otherwise' same "$("$maas" fmt --check folder)" folder/loose.maas
"$maas" fmt --check folder > out 2>&1
check 'and ends with 1' same "$?" 1
check 'it writes nothing' same "$(head -n 1 folder/loose.maas)" 'x=1   # => 1'
check 'fmt names what it wrote' same "$("$maas" fmt folder)" folder/loose.maas
check 'which is laid out' cmp folder/loose.maas expected
check 'and has its permissions' same "$(stat -c %a folder/loose.maas)" 640
check 'a file of another kind is left alone' same "$(< folder/other.txt)" 'x=1'
check 'a second time nothing is written' same "$("$maas" fmt folder)$?" 0
check '--check ends with 0 then' same "$("$maas" fmt --check folder)$?" 0

"$maas" fmt broken.maas folder > out 2> err
check 'a file with an error ends with 1' same "$?" 1
check 'the error is shown' contains "$(< err)" 'broken.maas:1:5'
check 'and the file is as it was' same "$(< broken.maas)" 'x = = 1'
"$maas" fmt nowhere.maas > out 2> err
check 'a file that is not there ends with 1' same "$?" 1
check 'and is named' contains "$(< err)" 'error[no-such-file]'

# Some of the scripts hold lines that must not parse; those print an error, not their name.
unformatted=$(cd "$project" && "$maas" fmt --check scripts/*.maas stdlib/*.maas Tests/Scripts/*/*.maas \
  Tests/Imports/*.maas Tests/Benchmarks/*/*.maas 2> /dev/null)
check 'what the project has written in maas is laid out' same "$unformatted" ''

finish

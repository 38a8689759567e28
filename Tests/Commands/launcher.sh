#!/usr/bin/env bash
# scripts/maas and scripts/prepare, in a house of cardboard: the compiler and apt-get are
# stand-ins that write down how they were called.
source "${BASH_SOURCE[0]%/*}/harness.sh"
real=$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd)

# A project folder with a source, and a PATH that starts with the stand-ins.
house=$scratch/house
tools=$scratch/tools
mkdir -p "$house/scripts" "$house/Sources" "$tools"
cp "$real/scripts/maas" "$real/scripts/prepare" "$house/scripts/"
touch "$house/Package.swift" "$house/Sources/Main.swift"
PATH=$tools:$PATH

cat > "$tools/swift" <<'TOOL'
#!/usr/bin/env bash
# Stands in for `swift build --package-path HOUSE …`: makes a binary that shows its arguments.
echo build >> "$CALLS"
[[ -e $GATE ]] && read -r _ < "$GATE"
echo '[1/2] Compiling Main.swift'
if [[ -e $3/Sources/Broken.swift ]]; then
  echo 'Broken.swift:1:1: error: no'
  exit 1
fi
mkdir -p "$3/.build/release"
printf '#!/bin/sh\necho "got $*"\nexit 7\n' > "$3/.build/release/maas"
chmod +x "$3/.build/release/maas"
TOOL
chmod +x "$tools/swift"
export CALLS=$scratch/calls GATE=$scratch/gate

builds() { grep -c build "$CALLS" 2> /dev/null; }
launch() { "$house/scripts/maas" "$@" 2>&1; }

output=$(launch run 'two words')
status=$?
check 'the first launch builds, then runs with the arguments' contains "$output" 'got run two words'
check 'it gives back the exit code of maas' same "$status" 7
check 'it says in one line that it built' same "$(grep -c building <<< "$output")" 1
check 'a launch with nothing to do prints nothing of its own' same "$(launch x)" 'got x'
check 'and does not build' same "$(builds)" 1

ln -s "$house/scripts/maas" "$scratch/link"
check 'it finds its house through a link' same "$("$scratch/link" x)" 'got x'
check 'and from another folder, by a relative path' \
  same "$(cd "$house/Sources" && ../scripts/maas x)" 'got x'
check 'and through PATH' same "$(PATH=$house/scripts:$PATH maas x)" 'got x'

touch "$house/Sources/New.swift"
launch x > /dev/null
check 'a new source makes it build' same "$(builds)" 2
rm "$house/Sources/New.swift"
launch x > /dev/null
check 'so does a source taken away' same "$(builds)" 3

touch "$house/Sources/Broken.swift"
output=$(launch x)
status=$?
check 'a failed build shows the error' contains "$output" 'Broken.swift:1:1: error: no'
check 'but no steps of the build' same "$(grep -c Compiling <<< "$output")" 0
check 'and ends with 1' same "$status" 1
rm "$house/Sources/Broken.swift"

# Two at once: the compiler waits at the gate until the second launch says that it waits.
rm -f "$CALLS"
mkfifo "$GATE" "$scratch/second"
launch x > "$scratch/first.txt" &
until [[ -e $CALLS ]]; do read -rt 0.02 _ <> <(:); done
launch y > "$scratch/second" &
exec 8< "$scratch/second"
read -r line <&8
check 'a second launch waits for the build of the first' contains "$line" 'waiting for another build'
echo go > "$GATE"
read -r line <&8
exec 8<&-
wait
rm "$GATE"
check 'then runs' same "$line" 'got y'
check 'and two launches at once build once' same "$(builds)" 1

# What is missing: the table is replaced by one with files of this test.
source "$house/scripts/prepare"
cat > "$tools/apt-get" <<'TOOL'
#!/usr/bin/env bash
echo "apt-get $*" >> "$CALLS"
[[ $OUTCOME == works ]] || { echo 'E: no network' >&2; exit 100; }
[[ $* == *install* ]] && touch "$WITNESS"
exit 0
TOOL
chmod +x "$tools/apt-get"
export WITNESS=$scratch/witness OUTCOME=works
maas_needs=("libthing-dev $scratch/wit*" "bash /bin/bash")

rm -f "$CALLS"
output=$(maas_install_missing 2>&1)
check 'what is missing is installed and named' \
  same "$output" 'maas: installing Debian packages: libthing-dev'
check 'by apt-get, without questions' contains "$(tail -n 1 "$CALLS")" \
  'install --no-install-recommends libthing-dev'
rm -f "$CALLS"
maas_install_missing
check 'nothing missing, nothing called' same "$(cat "$CALLS" 2> /dev/null)" ''

rm -f "$WITNESS"
output=$(OUTCOME=fails maas_install_missing 2>&1)
status=$?
check 'an installation that fails is 1' same "$status" 1
check 'shows why' contains "$output" 'E: no network'
check 'and what to do' contains "$output" 'As root: apt-get install libthing-dev'

mkdir "$scratch/empty"
output=$(PATH=$scratch/empty maas_install_missing 2>&1)
status=$?
check 'without apt-get the need is named' contains "$output" \
  'missing: libthing-dev. There is no apt-get here'
check 'and that is 1' same "$status" 1
output=$(HOME=$scratch/empty PATH=$scratch/empty maas_find_swift 2>&1)
[[ -x /opt/swift/usr/bin/swift ]] || check 'without Swift it says how to get it' \
  contains "$output" 'https://swift.org/install'

finish

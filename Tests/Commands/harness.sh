# Sourced by the shell tests of this folder: one line a test, and the counts that scripts/test adds.

passed=0 failed=0
project=$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd)
# The program under test.
maas=${MAAS:-$project/.build/release/maas}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# check "what holds" COMMAND…: the test passes when the command does.
check() {
  local name=$1
  shift
  if "$@"; then
    passed=$((passed + 1))
    printf '✔ %s\n' "$name"
  else
    failed=$((failed + 1))
    printf '✘ %s\n' "$name"
  fi
}

# same FOUND EXPECTED: equal texts; otherwise shows both.
same() {
  [[ $1 == "$2" ]] && return
  printf '  found:    %q\n  expected: %q\n' "$1" "$2"
  return 1
}

# contains TEXT PART: the part occurs; otherwise shows the text.
contains() {
  [[ $1 == *"$2"* ]] && return
  printf '  found:    %q\n  expected: …%q…\n' "$1" "$2"
  return 1
}

# soon COMMAND…: whether the command succeeds within ten seconds; tried fifty times a second.
soon() {
  local round
  for round in {1..500}; do
    "$@" && return
    read -rt 0.02 _ <> <(:)
  done
  printf '  waited in vain for: %s\n' "$*"
  return 1
}

# has FILE TEXT: the file holds the text.
has() { grep -qF -- "$2" "$1" 2> /dev/null; }

# is_over PROCESS: it has ended (or was never there).
is_over() { ! kill -0 "$1" 2> /dev/null; }

# The last line of a test file: what scripts/test reads.
finish() {
  printf 'counts %d %d\n' "$passed" "$failed"
  ((failed == 0))
}

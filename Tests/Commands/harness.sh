# Sourced by the shell tests of this folder: one line a test, and the counts that scripts/test adds.

passed=0 failed=0
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

# The last line of a test file: what scripts/test reads.
finish() {
  printf 'counts %d %d\n' "$passed" "$failed"
  ((failed == 0))
}

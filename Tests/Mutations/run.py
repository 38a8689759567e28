"""Tries the mutations of mutations.txt: each is applied alone in a copy of the project, built, and
shown to the suite. What no test notices is printed as a survivor.

    python3 Tests/Mutations/run.py FOLDER [NAME…]    FOLDER: where the copy stands or is made
    python3 Tests/Mutations/run.py --check           whether each still applies

The fast part of the suite comes first: the scripts of Tests/Scripts, in seconds; then the Swift
tests of the language.
"""

import pathlib
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SWIFT_TESTS = "VMTests|CompilerTests|SyntaxTests|SessionTests|LibraryTests"


def mutations():
    text = (ROOT / "Tests/Mutations/mutations.txt").read_text()
    for part in text.split("\n\n")[1:]:
        name, path, before, after = part.strip().split("\n")
        yield name, path, before[2:], after[2:]


def run(folder, command, seconds):
    """The exit code and the output; 124 when time is over."""
    try:
        done = subprocess.run(
            command, cwd=folder, shell=True, capture_output=True, timeout=seconds, errors="replace"
        )
    except subprocess.TimeoutExpired:
        return 124, "no end"
    return done.returncode, done.stdout + done.stderr


def reason(output):
    lines = [line for line in output.split("\n") if re.search(r"expected|✘|error|passed, ", line)]
    return (lines or output.strip().split("\n"))[0][:140]


def noticed(folder):
    """What noticed the mutation, or None."""
    # The address space is bounded: a mutation may allocate without end.
    scripts = "ulimit -v 40000000; .build/release/maas test Tests/Scripts/*/*.maas README.md"
    code, output = run(folder, scripts, 300)
    if code != 0:
        return "scripts: " + ("no end" if code == 124 else reason(output))
    tests = "swift test -c release --disable-testable-imports --disable-xctest --filter "
    code, output = run(folder, f"{tests} '{SWIFT_TESTS}'", 900)
    if code != 0:
        return "Swift tests: " + ("no end" if code == 124 else reason(output))
    return None


def attempt(folder, name, path, before, after):
    file = folder / path
    text = file.read_text()
    if text.count(before) != 1:
        print(f"DOES NOT APPLY  {name}: {text.count(before)} places in {path}", flush=True)
        return False
    file.write_text(text.replace(before, after))
    start = time.time()
    try:
        code, output = run(folder, "swift build -c release --product maas", 1800)
        found = ("not built: " + reason(output)) if code != 0 else noticed(folder)
    finally:
        file.write_text(text)
    verdict = "survived" if found is None or found.startswith("not built") else "caught"
    print(f"{verdict:8}  {name}  [{time.time() - start:.0f} s]  {found or ''}", flush=True)
    return verdict == "caught"


def main():
    if sys.argv[1:2] == ["--check"]:
        bad = [n for n, p, b, _ in mutations() if (ROOT / p).read_text().count(b) != 1]
        print("\n".join(bad) or "all apply")
        return bool(bad)
    folder = pathlib.Path(sys.argv[1])
    if not folder.exists():
        subprocess.run(["git", "clone", "-q", str(ROOT), str(folder)], check=True)
    else:
        subprocess.run(["git", "-C", str(folder), "pull", "-q"], check=True)
    chosen = [m for m in mutations() if not sys.argv[2:] or m[0] in sys.argv[2:]]
    caught = [attempt(folder, *mutation) for mutation in chosen]
    print(f"{sum(caught)} of {len(caught)} caught")
    return not all(caught)


if __name__ == "__main__":
    sys.exit(main())

"""Small programs in maas, Lua 5.4 and CPython: processor time of whole processes, start included,
interleaved.

    python language.py PATH/TO/maas
"""

import glob
import os
import resource
import shutil
import subprocess
import sys

from rounds import table

ROUNDS = 7
HERE = os.path.dirname(os.path.abspath(__file__))
COMMANDS = {
    "maas": ([os.path.abspath(sys.argv[1]), "run"], "maas"),
    "Lua 5.4": (["lua5.4"], "lua"),
    "CPython": ([sys.executable], "py"),
}


def command(name, program):
    words, ending = COMMANDS[name]
    return words + [f"{program}.{ending}"]


def processor_time(words):
    """The milliseconds of processor that a command takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(words, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def answers(program, names):
    """What each prints: all must print the same. Gives back those that do."""
    good, wanted = [], None
    for name in names:
        ran = subprocess.run(command(name, program), capture_output=True, text=True)
        if ran.returncode != 0:
            print(f"  {name}: failed on {os.path.basename(program)}: {ran.stderr.strip()[:300]}")
            continue
        wanted = wanted or ran.stdout
        if ran.stdout != wanted:
            sys.exit(f"{name} prints {ran.stdout!r} for {program}, not {wanted!r}")
        good.append(name)
    return good


def main():
    installed = [name for name, (words, _) in COMMANDS.items() if shutil.which(words[0])]
    for name in COMMANDS:
        if name not in installed:
            print(f"{name}: skipped, {COMMANDS[name][0][0]} is not installed")
    programs = sorted(glob.glob(os.path.join(HERE, "language", "*.maas")))
    for program in [path.removesuffix(".maas") for path in programs]:
        names = answers(program, installed)

        def measure():
            times = {name: [] for name in names}
            for _ in range(ROUNDS):
                for name in names:
                    times[name].append(processor_time(command(name, program)))
            return times

        table(os.path.basename(program), "ms", measure, list(COMMANDS))


main()

"""Programs of the folder `language` in maas, Lua 5.4, LuaJIT without its compiler, and CPython:
processor time of whole processes, start included, interleaved.

    python language.py PATH/TO/maas [PROGRAM…]
"""

import glob
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
from itertools import accumulate
from math import exp, log

from rounds import RUNS, table

ROUNDS = 7
HERE = os.path.dirname(os.path.abspath(__file__))
COMMANDS = {
    "maas": ([os.path.abspath(sys.argv[1]), "run"], "maas"),
    "Lua 5.4": (["lua5.4"], "lua"),
    "LuaJIT -joff": (["luajit", "-joff"], "lua"),
    "CPython": ([sys.executable], "py"),
}
# Where maas is to be four times as fast as CPython at least.
NUMERIC = ["fib", "while_loop", "for_loop", "mandelbrot", "n_body", "spectral_norm", "sieve", "fannkuch"]


def write_text(path, size=10_000_000):
    """A text of so many bytes, the same every time: lines of words of which few are common, with
    an address or a time in every tenth line."""
    chance = random.Random(7)
    syllables = "ka to mi ren sol ta vi lo pe dun gar shi no bel qua ix".split()
    words = ["".join(chance.choices(syllables, k=chance.randint(1, 4))) for _ in range(20_000)]
    weights = list(accumulate(1 / (rank + 1) for rank in range(len(words))))
    with open(path, "w", encoding="utf-8") as file:
        while file.tell() < size:
            line = chance.choices(words, cum_weights=weights, k=12)
            if chance.random() < 0.1:
                line.append(f"{chance.choice(words)}@{chance.choice(words)}.net")
            if chance.random() < 0.1:
                line.append(f"{chance.randrange(24):02}:{chance.randrange(60):02}")
            file.write(" ".join(line) + "\n")


def processor_time(words):
    """The milliseconds of processor that a command takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(words, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def answers(commands):
    """What each prints: all must print the same. Gives back those that do."""
    good, wanted = {}, None
    for name, words in commands.items():
        ran = subprocess.run(words, capture_output=True, text=True)
        if ran.returncode != 0:
            print(f"  {name} failed: {ran.stderr.strip()[:300]}")
            continue
        wanted = wanted or ran.stdout
        if ran.stdout != wanted:
            sys.exit(f"{' '.join(words)} prints {ran.stdout!r}, not {wanted!r}")
        good[name] = words
    return good


def measured(program, text, installed):
    """The table of one program: a dict of medians for each run."""
    commands = {}
    for name in installed:
        words, ending = COMMANDS[name]
        commands[name] = words + [f"{program}.{ending}", text]
    commands = answers(commands)

    def measure():
        times = {name: [] for name in commands}
        for _ in range(ROUNDS):
            for name, words in commands.items():
                times[name].append(processor_time(words))
        return times

    return table(os.path.basename(program), "ms", measure, list(COMMANDS))


def summarize(results):
    """For each run: how the ratios to Lua and CPython stand over all programs."""
    print("\nall programs")
    for run in range(RUNS):
        def ratios(peer, programs):
            return {
                program: results[program][run][peer] / results[program][run]["maas"]
                for program in programs
                if peer in results.get(program, [{}] * RUNS)[run]
            }

        print(f"run {run + 1}")
        for peer in ["Lua 5.4", "LuaJIT -joff"]:
            of = ratios(peer, results)
            if not of:
                continue
            mean = exp(sum(map(log, of.values())) / len(of))
            least = min(of, key=of.get)
            doubled = sum(ratio >= 2 for ratio in of.values())
            print(
                f"  {peer:14} geometric mean ×{mean:.2f}, least ×{of[least]:.2f} ({least}), "
                f"over twice {doubled} of {len(of)}")
        of = ratios("CPython", NUMERIC)
        if of:
            least = min(of, key=of.get)
            print(f"  {'CPython':14} least of {', '.join(of)}: ×{of[least]:.2f} ({least})")


def main():
    installed = [name for name, (words, _) in COMMANDS.items() if shutil.which(words[0])]
    for name in COMMANDS:
        if name not in installed:
            print(f"{name}: skipped, {COMMANDS[name][0][0]} is not installed")
    wanted = sys.argv[2:]
    programs = sorted(glob.glob(os.path.join(HERE, "language", "*.maas")))
    with tempfile.TemporaryDirectory() as folder:
        text = os.path.join(folder, "words.txt")
        write_text(text)
        results = {}
        for program in [path.removesuffix(".maas") for path in programs]:
            name = os.path.basename(program)
            if not wanted or name in wanted:
                results[name] = measured(program, text, installed)
    summarize(results)


main()

"""What the benchmarks share: medians, and a table of runs with ratios."""

from statistics import median

RUNS = 3


def table(title, unit, measure, contestants, base="maas"):
    """Runs `measure()` RUNS times: a dict from contestant to its figures, which came interleaved.

    Prints each run's medians, and how many times the base's figure each other one is.
    """
    print(f"\n{title} ({unit}; median, and times that of {base})")
    print(f"{'':18}" + "".join(f"{f'run {run + 1}':>20}" for run in range(RUNS)))
    runs = []
    for _ in range(RUNS):
        figures = measure()
        runs.append({name: median(figures[name]) for name in contestants if figures.get(name)})
    for name in contestants:
        cells = ""
        for run in runs:
            if name not in run:
                cells += f"{'skipped':>20}"
            elif name == base or base not in run:
                cells += f"{run[name]:>12.3f}{'':8}"
            else:
                cells += f"{run[name]:>12.3f} ×{run[name] / run[base]:<6.2f}"
        print(f"{name:18}{cells}", flush=True)
    return runs

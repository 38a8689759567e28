"""What workers, shards and sizes cost: one and two workers beside two independent threads that
multiply matrices, one and two shards, resident memory, and how an epoch grows.

    from scaling import scaling, growth
"""

import os
import struct
import subprocess
import tempfile
import threading
import time
from statistics import median

import numpy as np

from peers import Maas, TorchFused
from rounds import RUNS
from works import CNN, MLP, Work, dense, fashion, images, uniform

ROUNDS = 5


def two_threads():
    """How many times one thread's products two get through: 2 on two free processors."""
    a = np.random.default_rng(0).normal(0, 1, (2, 384, 384)).astype(np.float32)

    def work(index):
        for _ in range(60):
            a[index] @ a[index]

    def seconds(count):
        threads = [threading.Thread(target=work, args=(index,)) for index in range(count)]
        start = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return time.perf_counter() - start

    seconds(2)
    return 2 * median(seconds(1) for _ in range(3)) / median(seconds(2) for _ in range(3))


def pair(program, work, first, second):
    """Medians of epochs with two settings, interleaved, in ms; and whether the weights are equal."""
    x, y, weights = work.make(np.random.default_rng(0))
    peers = [Maas(program, work, weights, *map(str, extra)) for extra in (first, second)]
    times = [[], []]
    for _ in range(ROUNDS):
        for peer, found in zip(peers, times):
            found += peer.times(x, y)
    one, other = (peer.after() for peer in peers)
    equal = all(np.array_equal(one[name], other[name]) for name in one)
    return *(median(found) * 1000 for found in times), equal


def workers(program):
    print("\ntwo workers against one: how many times as fast, beside two threads that multiply matrices")
    for work in (
        Work("images", "784-100-100-10, batch 256", 4096, 256, MLP, fashion),
        Work("cnn", "the CNN, batch 128", 1024, 128, CNN, images),
    ):
        for run in range(RUNS):
            threads = two_threads()
            one, two, equal = pair(program, work, (1,), (2,))
            share = one / two / threads
            print(f"  {work.title}: {one:.2f} ms, {two:.2f} with two: ×{one / two:.2f}; threads ×{threads:.2f}; "
                  f"share {share:.2f}; weights {'equal' if equal else 'DIFFER'}", flush=True)


def shards(program):
    print("\ntwo shards against one, one worker, batch 200")
    work = Work("images", "784-100-100-10, batch 200", 4000, 200, MLP, fashion)
    for run in range(RUNS):
        one, two, _ = pair(program, work, (1, "f32", 1), (1, "f32", 2))
        print(f"  {one:.2f} ms, {two:.2f} with two shards: {100 * (two / one - 1):+.1f} %", flush=True)


MEMORY = """
x = load("images.idx")
y = load("labels.idx")
net = network { flatten(); scale(1 / 255); dense(100, relu); dense(100, relu); dense(10) }
fit(net, dataset(x[0..ROWS], y[0..ROWS], kind: "classes"), loss: cross_entropy, epochs: 1, workers: 1)
"""


def peak(process):
    """The highest resident memory of a process in KB, looked up until it ends. What the system tells
    afterwards counts this process too, of which it was a copy."""
    highest = 0
    while process.poll() is None:
        with open(f"/proc/{process.pid}/status") as file:
            lines = [line.split() for line in file if line.startswith("VmHWM")]
        highest = max([highest, *(int(line[1]) for line in lines)])
        time.sleep(0.005)
    if process.returncode != 0:
        raise RuntimeError("the run failed")
    return highest


def memory(maas):
    print("\nresident memory of the whole program at its peak, training the MLP on images")
    random = np.random.default_rng(0)
    with tempfile.TemporaryDirectory(prefix="maas-bench-") as folder:
        for rows in (60000, 4000):
            for name, shape in (("images", (rows, 28, 28)), ("labels", (rows,))):
                with open(os.path.join(folder, name + ".idx"), "wb") as file:
                    file.write(bytes([0, 0, 8, len(shape)]) + struct.pack(f">{len(shape)}I", *shape))
                    file.write(random.integers(0, 10, shape).astype(np.uint8).tobytes())
            with open(os.path.join(folder, "one.maas"), "w") as file:
                file.write(MEMORY.replace("ROWS", str(rows)))
            process = subprocess.Popen([maas, "run", "one.maas"], cwd=folder, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
            print(f"  {rows} images: {peak(process) / 1024:.0f} MB", flush=True)


def growth(program):
    """ms an epoch of maas and PyTorch (fused Adam), as one size grows."""
    print("\nhow an epoch grows (ms, one thread: maas, PyTorch with fused Adam, and their ratio)")

    def layers(width=100, depth=2):
        return [dense(width, "relu")] * depth + [dense(10)]

    axes = {
        "batch": [(f"{n}", 4000, n, layers(), (1,)) for n in (8, 32, 128, 512)],
        "width": [(f"{n}", 4000, 32, layers(n), (1,)) for n in (16, 64, 256, 1024)],
        "depth": [(f"{n}", 4000, 32, layers(depth=n), (1,)) for n in (1, 2, 4, 8)],
        "rows": [(f"{n}", n, 32, layers(), (1,)) for n in (1000, 4000, 16000)],
    }
    for axis, points in axes.items():
        print(f"  {axis:>8}{'maas':>12}{'PyTorch':>12}")
        for label, rows, batch, net, extra in points:
            work = Work("growth", axis, rows, batch, net, uniform(64))
            x, y, weights = work.make(np.random.default_rng(0))
            ours, theirs = Maas(program, work, weights, *map(str, extra)), TorchFused(work, weights)
            times = [[], []]
            for _ in range(3):
                times[0] += ours.times(x, y)
                times[1] += theirs.times(x, y)
            one, other = (median(found) * 1000 for found in times)
            print(f"  {label:>8}{one:>12.2f}{other:>12.2f} ×{other / one:.2f}", flush=True)
    print(f"  {'workers':>8}{'maas':>12}   (batch 256)")
    work = Work("growth", "workers", 4000, 256, layers(), uniform(64))
    x, y, weights = work.make(np.random.default_rng(0))
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, range(os.cpu_count()))
    for count in (1, 2):
        ours = Maas(program, work, weights, str(count))
        print(f"  {count:>8}{median(ours.times(x, y)) * 1000:>12.2f}", flush=True)
    os.sched_setaffinity(0, before)


def scaling(program, maas):
    """Two processors are wanted here, where the rest of `train` has one."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, range(os.cpu_count()))
    try:
        workers(program)
    finally:
        os.sched_setaffinity(0, before)
    shards(program)
    memory(maas)

"""Epochs of small networks, Adam, one thread each: maas beside others, from the same weights,
with the rows in the same order; then operations one by one, workers, shards, memory and growth.

    python train.py PATH/TO/training PATH/TO/maas [WORK | operations | scaling | growth …]
"""

import os
import sys

import numpy as np

from operations import operations
from peers import PEERS, Maas, TorchNet
from rounds import table
from scaling import growth, scaling
from works import WORKS

STEPS, ROUNDS = 20, 5
# maas in other ways, for works with large products: workers, precision, shards a batch.
WAYS = {
    "maas, bf16": ["1", "bf16"],
    "maas, one shard": ["1", "f32", "1"],
    "bf16, one shard": ["1", "bf16", "1"],
}
LARGE = {"wide", "cnn", "transformer"}
# One processor for each and all, whatever their libraries would take.
os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
PROGRAM, MAAS = map(os.path.abspath, sys.argv[1:3])


def exact_loss(work, weights, x, y):
    """The mean loss of the first batches, by PyTorch in double."""
    import torch

    made = TorchNet(work)
    made.load(weights)
    net = made.net.double()
    x = torch.from_numpy(x).double()
    x = x.permute(0, 3, 1, 2) if x.ndim == 4 else x
    values = []
    with torch.no_grad():
        for start in range(0, len(x), work.batch):
            z, part = net(x[start : start + work.batch]), slice(start, start + work.batch)
            if work.loss == "cross_entropy":
                values.append(torch.nn.functional.cross_entropy(z, torch.from_numpy(y[part]).long()))
            else:
                values.append(torch.nn.functional.mse_loss(z, torch.from_numpy(y[part]).double()))
    return float(torch.stack(values).mean())


def running(work, x, y, weights):
    """The peers that can do this work, each checked: after 20 steps all have the same loss, to 1e-4
    of it; to a tenth of what it fell where products are rounded."""
    x, y = x[: STEPS * work.batch], y[: STEPS * work.batch]
    makers = {"maas": lambda: Maas(PROGRAM, work, weights)}
    if work.name in LARGE:
        makers |= {name: (lambda way=way: Maas(PROGRAM, work, weights, *way)) for name, way in WAYS.items()}
    makers |= {name: (lambda kind=kind: kind(work, weights)) for name, kind in PEERS.items()}
    found = {}
    for name, make in makers.items():
        try:
            peer = make()
        except NotImplementedError:
            continue
        except ImportError as missing:
            print(f"  {name}: skipped ({missing})")
            continue
        peer.epoch(x, y)
        found[name] = exact_loss(work, peer.after(), x, y)
    wanted = found["maas"]
    start = exact_loss(work, weights, x, y)
    losses = ", ".join(f"{name} {value:.6f}" for name, value in found.items())
    print(f"\n{work.title}: loss {start:.6f}, after {STEPS} steps {losses}")
    for name, value in found.items():
        limit = 0.1 * (start - wanted) if "bf16" in name else 1e-4 * wanted
        if abs(value - wanted) > limit:
            sys.exit(f"the loss of {name} differs by more than {limit:g}: its times would mean nothing")
    return {name: makers[name]() for name in found}


def main():
    parts = {work.name: lambda work=work: epochs(work) for work in WORKS}
    parts |= {
        "operations": lambda: operations(MAAS),
        "scaling": lambda: scaling(PROGRAM, MAAS),
        "growth": lambda: growth(PROGRAM),
    }
    for name in sys.argv[3:] or parts:
        if name not in parts:
            sys.exit(f"there is no work {name}, but {', '.join(parts)}")
        parts[name]()


def epochs(work):
    x, y, weights = work.make(np.random.default_rng(0))
    peers = running(work, x, y, weights)

    def measure():
        seconds = {name: [] for name in peers}
        for _ in range(ROUNDS):
            for name, peer in peers.items():
                seconds[name] += [1000 * value for value in peer.times(x, y)]
        return seconds

    table(f"an epoch of {work.title}, Adam, one thread", "ms", measure, list(peers))


main()

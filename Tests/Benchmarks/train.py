"""An epoch of the digits network, 64-100-100-10, batch 32, Adam 1e-3, one thread each: maas,
scikit-learn and PyTorch from the same weights, with the rows in the same order.

    python train.py PATH/TO/digits
"""

import csv
import os
import subprocess
import sys
import tempfile
import time
import warnings

import numpy as np

from rounds import table

ROWS, BATCH, STEPS, RATE = 1437, 32, 20, 1e-3
ROUNDS, EPOCHS = 8, 5
SIZES = [64, 100, 100, 10]
PROGRAM = os.path.abspath(sys.argv[1])
HERE = os.path.dirname(os.path.abspath(__file__))


def digits():
    """The first rows of the file: pixels from 0 to 1, and the digits."""
    with open(os.path.join(HERE, "../../scripts/data/digits.csv")) as file:
        rows = list(csv.reader(file))
    target = rows[0].index("digit")
    numbers = np.array(rows[1 : ROWS + 1], dtype=np.float32)
    return np.delete(numbers, target, axis=1) / 16, numbers[:, target].astype(np.int32)


def initial_weights(random):
    """Glorot's uniform, biases 0: [in, out] and [out] for each layer."""
    weights = []
    for inputs, outputs in zip(SIZES, SIZES[1:]):
        limit = (6 / (inputs + outputs)) ** 0.5
        weights.append(random.uniform(-limit, limit, (inputs, outputs)).astype(np.float32))
        weights.append(np.zeros(outputs, np.float32))
    return weights


def forward(weights, x):
    """The numbers after each layer, in double."""
    values = [x.astype(np.float64)]
    for layer in range(3):
        z = values[-1] @ weights[2 * layer] + weights[2 * layer + 1]
        values.append(np.maximum(z, 0) if layer < 2 else z)
    return values


def loss(weights, x, y):
    """The mean cross-entropy, in double."""
    z = forward(weights, x)[-1]
    z = z - z.max(axis=1, keepdims=True)
    return float(np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(y)), y]))


class Reference:
    """Written out in NumPy, in double: what all must agree with."""

    def __init__(self, weights):
        self.weights = [w.astype(np.float64) for w in weights]
        self.first = [np.zeros_like(w) for w in self.weights]
        self.second = [np.zeros_like(w) for w in self.weights]
        self.steps = 0

    def epoch(self, x, y):
        for start in range(0, len(x), BATCH):
            self.step(x[start : start + BATCH], y[start : start + BATCH])

    def step(self, x, y):
        self.steps += 1
        values = forward(self.weights, x)
        z = np.exp(values[-1] - values[-1].max(axis=1, keepdims=True))
        d = z / z.sum(axis=1, keepdims=True)
        d[np.arange(len(y)), y] -= 1
        d /= len(y)
        gradients = []
        for layer in (2, 1, 0):
            gradients = [values[layer].T @ d, d.sum(axis=0)] + gradients
            d = (d @ self.weights[2 * layer].T) * (values[layer] > 0)
        for w, m, v, g in zip(self.weights, self.first, self.second, gradients):
            m += 0.1 * (g - m)
            v += 0.001 * (g * g - v)
            root = np.sqrt(v / (1 - 0.999**self.steps))
            w -= RATE * m / (1 - 0.9**self.steps) / (root + 1e-8)

    def after(self):
        return self.weights


class Maas:
    """The core of maas, in a process of its own."""

    names = [f"{layer}.dense.{role}" for layer in range(3) for role in ("weight", "bias")]

    def __init__(self, weights):
        self.folder = tempfile.TemporaryDirectory(prefix="maas-bench-")
        for name, array in zip(self.names, weights):
            np.save(self.path(name), array)

    def path(self, name):
        return os.path.join(self.folder.name, f"{name}.npy")

    def run(self, x, y, epochs):
        np.save(self.path("x"), x)
        np.save(self.path("y"), y)
        np.save(self.path("order"), np.arange(len(x), dtype=np.int32))
        command = [PROGRAM, self.folder.name, str(epochs)]
        lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        return [float(line) for line in lines.split()]

    def epoch(self, x, y):
        self.run(x, y, 1)

    def times(self, x, y):
        return self.run(x, y, EPOCHS)

    def after(self):
        return [np.load(self.path(f"after.{name}")) for name in self.names]


class Timed:
    """A peer in this process."""

    def times(self, x, y):
        seconds = []
        for _ in range(EPOCHS):
            start = time.perf_counter()
            self.epoch(x, y)
            seconds.append(time.perf_counter() - start)
        return seconds


class Sklearn(Timed):
    """MLPClassifier: one call of partial_fit is one epoch."""

    def __init__(self, weights):
        from sklearn.neural_network import MLPClassifier
        from sklearn.neural_network._stochastic_optimizers import AdamOptimizer

        warnings.filterwarnings("ignore")
        self.net = MLPClassifier(
            (100, 100), alpha=0, batch_size=BATCH, learning_rate_init=RATE, shuffle=False
        )
        x = np.zeros((BATCH, SIZES[0]), np.float32)
        self.net.partial_fit(x, np.arange(BATCH) % 10, classes=np.arange(10))
        self.net.coefs_ = [w.copy() for w in weights[0::2]]
        self.net.intercepts_ = [w.copy() for w in weights[1::2]]
        self.net._optimizer = AdamOptimizer(self.net.coefs_ + self.net.intercepts_, RATE)

    def epoch(self, x, y):
        self.net.partial_fit(x, y)

    def after(self):
        pairs = zip(self.net.coefs_, self.net.intercepts_)
        return [array for pair in pairs for array in pair]


class Torch(Timed):
    """PyTorch as it is commonly written, without a DataLoader (which takes longer)."""

    fused = None

    def __init__(self, weights):
        import torch
        from torch import nn

        torch.set_num_threads(1)
        self.torch = torch
        self.net = nn.Sequential(
            nn.Linear(64, 100), nn.ReLU(), nn.Linear(100, 100), nn.ReLU(), nn.Linear(100, 10)
        )
        with torch.no_grad():
            for parameter, array in zip(self.net.parameters(), weights):
                parameter.copy_(torch.from_numpy(array.T))
        self.optimizer = torch.optim.Adam(self.net.parameters(), lr=RATE, fused=self.fused)
        self.loss = nn.CrossEntropyLoss()

    def epoch(self, x, y):
        x, y = self.torch.from_numpy(x), self.torch.from_numpy(y).long()
        for start in range(0, len(x), BATCH):
            self.optimizer.zero_grad()
            value = self.loss(self.net(x[start : start + BATCH]), y[start : start + BATCH])
            value.backward()
            self.optimizer.step()

    def after(self):
        return [parameter.detach().numpy().T for parameter in self.net.parameters()]


class TorchFused(Torch):
    """The same with the fused Adam."""

    fused = True


PEERS = {"maas": Maas, "scikit-learn": Sklearn, "PyTorch": Torch, "PyTorch, fused": TorchFused}


def check(weights, x, y):
    """All have the same loss after 20 steps, to 1e-4 of it. Gives back those that run."""
    exact = Reference(weights)
    exact.epoch(x[: STEPS * BATCH], y[: STEPS * BATCH])
    wanted = loss(exact.after(), x, y)
    print(f"loss before: {loss(weights, x, y):.6f}; after {STEPS} steps, NumPy: {wanted:.6f}")
    running, equal = [], True
    for name, kind in PEERS.items():
        try:
            peer = kind(weights)
        except ImportError as missing:
            print(f"  {name}: skipped ({missing})")
            continue
        peer.epoch(x[: STEPS * BATCH], y[: STEPS * BATCH])
        found = loss(peer.after(), x, y)
        equal = equal and abs(found - wanted) <= 1e-4 * wanted
        print(f"  {name:15} {found:.6f}  (off by {abs(found - wanted) / wanted:.1e} of it)")
        running.append(name)
    if not equal:
        sys.exit("the losses differ by more than 1e-4: the times would mean nothing")
    return running


def main():
    random = np.random.default_rng(0)
    x, y = digits()
    order = random.permutation(ROWS)
    x, y = np.ascontiguousarray(x[order]), y[order]
    weights = initial_weights(random)
    running = check(weights, x, y)
    peers = {name: PEERS[name](weights) for name in running}

    def measure():
        seconds = {name: [] for name in running}
        for _ in range(ROUNDS):
            for name, peer in peers.items():
                seconds[name] += [1000 * value for value in peer.times(x, y)]
        return seconds

    title = f"an epoch of 64-100-100-10 on {ROWS} digits, batch {BATCH}, Adam, one thread"
    runs = table(title, "ms", measure, list(PEERS))
    ratios = [min(run[name] for name in run if name != "maas") / run["maas"] for run in runs]
    if len(running) > 1:
        print(f"the fastest of the others takes {', '.join(f'{r:.1f}' for r in ratios)} times as long")


main()

"""Operations on tensors as they are written in a script, each as soon as it is met: maas beside
PyTorch (eager) or NumPy. One thread each.

    from operations import operations
"""

import os
import subprocess
import tempfile
import time

from rounds import table

ROUNDS = 5
# How long each is called before it is timed, in seconds. Memory that is new to a process is slow for
# its first dozen passes: a sum of 10⁷ numbers takes 2.7 ms, then 1.4, in maas and in PyTorch alike.
WARMING = 0.3
SETUP = f"""
fn time(n, f) {{
  start = now()
  while elapsed(start) < {WARMING} {{ f() }}
  start = now()
  for i in 0..n {{ f() }}
  print(elapsed(start) / n * 1000)
}}
"""


class Operation:
    """The same thing in maas and in Python: `setup` and `line`, and what makes the peer's call."""

    def __init__(self, title, calls, setup, line, peer, make):
        self.title, self.calls, self.setup, self.line = title, calls, setup, line
        self.peer, self.make = peer, make


def torch_call(work):
    def make():
        import torch

        torch.set_num_threads(1)
        torch.manual_seed(0)
        return work(torch)

    return make


def numpy_call(work):
    def make():
        import numpy

        return work(numpy, numpy.random.default_rng(0))

    return make


def chain(torch):
    x, y = torch.rand(10**7), torch.rand(10**7)
    return lambda: torch.sqrt(x * 2 + y) - x / (y + 1)


def product(torch):
    a, b = torch.rand(1024, 1024), torch.rand(1024, 1024)
    return lambda: a @ b


def rows(name, *rest):
    def work(torch):
        x = torch.rand(10000, 1000)
        function = getattr(torch, name)
        return lambda: function(x, *rest)

    return torch_call(work)


def layer_norm(torch):
    x = torch.rand(10000, 1000)
    return lambda: torch.nn.functional.layer_norm(x, (1000,))


def logistic(torch):
    x, w = torch.randn(100, 10), torch.zeros(10, requires_grad=True)
    y = (x[:, 0] > 0).float()

    def step():
        z = x @ w
        loss = torch.mean(torch.nn.functional.softplus(z) - y * z)
        loss.backward()
        with torch.no_grad():
            w.sub_(0.1 * w.grad)
            w.grad.zero_()

    return step


def ten_small(numpy, random):
    a, b = random.uniform(0, 1, (2, 100)).astype(numpy.float32)

    def step():
        c = a + b
        c = c * a
        c = c - b
        c = c / (b + 1)
        c = numpy.maximum(c, 0)
        c = numpy.sqrt(c)
        c = numpy.exp(c)
        c = c * 0.5
        return c.sum()

    return step


def solver(name, *rest):
    def work(numpy, random):
        x = random.normal(0, 1, (500, 500)).astype(numpy.float32)
        if name == "solve":
            return lambda: numpy.linalg.solve(x, x)
        return lambda: getattr(numpy.linalg, name)(x, **dict(rest))

    return numpy_call(work)


LONG = "x = random.uniform(shape: [10000000])\ny = random.uniform(shape: [10000000])"
ROWS = "x = random.uniform(shape: [10000, 1000])"
SQUARE = "x = random.normal(shape: [500, 500])"
LOGISTIC = """
x = random.normal(shape: [100, 10])
y = where(x[.., 0] > 0, 1.0, 0.0)
fn loss(w) {
  z = x @ w
  mean(softplus(z) - y * z)
}
"""
OPERATIONS = [
    Operation("product, 1024³", 3, "a = random.uniform(shape: [1024, 1024])\nb = a + 1", "a @ b",
              "PyTorch", torch_call(product)),
    Operation("six operations on 10⁷ numbers", 2, LONG, "sqrt(x * 2 + y) - x / (y + 1)",
              "PyTorch", torch_call(chain)),
    Operation("softmax, 10⁷", 3, ROWS, "softmax(x)", "PyTorch", rows("softmax", 1)),
    Operation("layer_norm, 10⁷", 3, ROWS, "layer_norm(x)", "PyTorch", torch_call(layer_norm)),
    Operation("sum, 10⁷", 20, ROWS, "sum(x)", "PyTorch", rows("sum")),
    Operation("mean of columns, 10⁷", 20, ROWS, "mean(x, axis: 0)", "PyTorch", rows("mean", 0)),
    Operation("mean of rows, 10⁷", 20, ROWS, "mean(x, axis: 1)", "PyTorch", rows("mean", 1)),
    Operation("max of columns, 10⁷", 20, ROWS, "max(x, axis: 0)", "PyTorch", rows("amax", 0)),
    Operation("std, 10⁷", 3, ROWS, "std(x)", "PyTorch", rows("std")),
    Operation("argmax of rows, 10⁷", 3, ROWS, "argmax(x, axis: 1)", "PyTorch", rows("argmax", 1)),
    Operation("svd, 500²", 2, SQUARE, "svd(x)", "NumPy", solver("svd", ("full_matrices", False))),
    Operation("eigenvalues, 500²", 2, SQUARE, "eig(x, complex: true)", "NumPy", solver("eig")),
    Operation("solve, 500²", 4, SQUARE, "solve(x, x)", "NumPy", solver("solve")),
    Operation("1,000 steps of logistic regression", 1, LOGISTIC + """
slope = grad(loss)
fn descend() {
  w = zeros([10])
  for i in 0..1000 { w -= 0.1 * slope(w) }
  w
}
""", "descend()", "PyTorch", None),
    Operation("ten operations on 100 numbers, 1,000 times", 1, """
a = random.uniform(shape: [100])
b = random.uniform(shape: [100])
fn ten() {
  c = a + b
  c = c * a
  c = c - b
  c = c / (b + 1)
  c = relu(c)
  c = sqrt(c)
  c = exp(c)
  c = c * 0.5
  sum(c)
}
fn many() { for i in 0..1000 { ten() } }
""", "many()", "NumPy", None),
]


def thousand(make):
    def made():
        step = make()

        def run():
            for _ in range(1000):
                step()

        return run

    return made


OPERATIONS[-2].make = thousand(torch_call(logistic))
OPERATIONS[-1].make = thousand(numpy_call(ten_small))


def operations(maas):
    """A table for each; `maas` is the program."""
    with tempfile.TemporaryDirectory(prefix="maas-bench-") as folder:
        path = os.path.join(folder, "one.maas")
        for one in OPERATIONS:
            try:
                call = one.make()
            except ImportError as missing:
                print(f"  {one.title}: skipped ({missing})")
                continue
            with open(path, "w") as file:
                file.write(f"{SETUP}\n{one.setup}\ntime({one.calls}, () -> {one.line})\n")
            table(one.title, "ms", lambda: measure(maas, path, call, one), ["maas", one.peer])


def measure(maas, path, call, one):
    times = {"maas": [], one.peer: []}
    for _ in range(ROUNDS):
        result = subprocess.run([maas, "run", path], capture_output=True, text=True)
        if result.returncode != 0:
            raise RuntimeError(result.stderr)
        times["maas"].append(float(result.stdout))
        start = time.perf_counter()
        while time.perf_counter() - start < WARMING:
            call()
        start = time.perf_counter()
        for _ in range(one.calls):
            call()
        times[one.peer].append((time.perf_counter() - start) / one.calls * 1000)
    return times

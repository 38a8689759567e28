"""How long an answer takes of a network 784-128-64-10: the core of maas from Swift and `predict` in
a loop of a script, beside ONNX Runtime from Python. One thread each.

    python infer.py PATH/TO/maas PATH/TO/inference
"""

import os
import subprocess
import sys
import tempfile
import time

import numpy as np

from rounds import table

MAAS, PROGRAM = map(os.path.abspath, sys.argv[1:3])
ROUNDS = 7
SIZES = [784, 128, 64, 10]
os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

TRAIN = """
random = tensor(map(range(0, 64), i -> map(range(0, 784), j -> sin(i * j + i))))
data = dataset(random, tensor(map(range(0, 64), i -> i % 10)), kind: "classes")
net = network { dense(128, relu); dense(64, relu); dense(10) }
save(fit(net, data, loss: cross_entropy, epochs: 1, seed: 1), "m.maasmodel")
"""
LOOP = """
model = load("m.maasmodel")
rows = tensor(map(range(0, 64), i -> map(range(0, 784), j -> (i * j) % 256 / 255)))
fn run(n) {
  for i in 0..n { predict(model, rows[i % 64]) }
}
run(500)
start = now()
run(5000)
print(elapsed(start) / 5000 * 1000000)
"""


def onnx_session():
    import onnx
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper

    random = np.random.default_rng(0)
    nodes, constants, value = [], [], "x"
    for layer, (inputs, outputs) in enumerate(zip(SIZES, SIZES[1:])):
        for name, shape in (("w", (inputs, outputs)), ("b", (outputs,))):
            array = random.normal(0, 0.1, shape).astype(np.float32)
            constants.append(numpy_helper.from_array(array, f"{name}{layer}"))
        nodes.append(helper.make_node("Gemm", [value, f"w{layer}", f"b{layer}"], [f"z{layer}"]))
        kind = "Relu" if layer < 2 else "Softmax"
        nodes.append(helper.make_node(kind, [f"z{layer}"], [f"a{layer}"]))
        value = f"a{layer}"
    ends = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["rows", size])
        for name, size in (("x", 784), (value, 10))
    ]
    graph = helper.make_graph(nodes, "net", ends[:1], ends[1:], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(model.SerializeToString(), options)


def ask_onnx(session, batch, calls):
    """Microseconds of a call, in a loop of Python over rows of an array."""
    x = np.random.default_rng(0).uniform(0, 1, (64 * batch, 784)).astype(np.float32)
    for call in range(calls // 10):
        session.run(None, {"x": x[:batch]})
    start = time.perf_counter()
    for call in range(calls):
        place = call % 64 * batch
        session.run(None, {"x": x[place : place + batch]})
    return (time.perf_counter() - start) / calls * 1e6


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def main():
    try:
        session = onnx_session()
    except ImportError as missing:
        print(f"ONNX Runtime: skipped ({missing})")
        session = None
    with tempfile.TemporaryDirectory(prefix="maas-bench-") as folder:
        os.chdir(folder)
        for name, text in (("train.maas", TRAIN), ("loop.maas", LOOP)):
            with open(name, "w") as file:
                file.write(text)
        output(MAAS, "run", "train.maas")
        for batch, calls in ((1, 20000), (64, 2000)):

            def measure():
                times = {"maas": [], "ONNX Runtime": []}
                for _ in range(ROUNDS):
                    times["maas"].append(float(output(PROGRAM, "m.maasmodel", str(batch), str(calls))))
                    if session:
                        times["ONNX Runtime"].append(ask_onnx(session, batch, calls))
                return times

            table(f"rows asked at once: {batch}; maas from Swift", "µs", measure, ["maas", "ONNX Runtime"])

        def measure():
            times = {"maas": [], "ONNX Runtime": []}
            for _ in range(ROUNDS):
                times["maas"].append(float(output(MAAS, "run", "loop.maas")))
                if session:
                    times["ONNX Runtime"].append(ask_onnx(session, 1, 5000))
            return times

        table("a row, in a loop of a script", "µs", measure, ["maas", "ONNX Runtime"])


main()

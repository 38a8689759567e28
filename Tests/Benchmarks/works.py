"""What `train.py` times: networks as maas writes them to files, their data, and their weights."""

import csv
import gzip
import os

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
FASHION = "/usr/share/datasets/fashion-mnist"


def dense(units, activation="identity"):
    return {"layer": "dense", "units": units, "activation": activation}


def conv(filters):
    return {"layer": "conv", "filters": filters, "size": [3, 3], "activation": "identity"}


def lstm(units):
    return {"layer": "lstm", "units": units}


def block(heads):
    return {"layer": "transformer_block", "heads": heads}


class Work:
    """A network, its rows and the batch it is trained in."""

    def __init__(self, name, title, rows, batch, layers, data, loss="cross_entropy", rate=1e-3):
        self.name, self.title, self.rows, self.batch = name, title, rows, batch
        self.layers, self.data, self.loss, self.rate = layers, data, loss, rate

    def make(self, random):
        """Features, labels, and the weights to start from: a dict by their names in maas."""
        x, y = self.data(self.rows, random)
        self.input = x.shape[1:]
        weights = {}
        for index, layer, shape in self.places():
            for role, sizes, kind in parameters(layer, shape):
                name = f"{index}.{layer['layer']}.{role}"
                if kind == "glorot":
                    field = int(np.prod(sizes[:-2]))
                    limit = (6 / (field * (sizes[-2] + sizes[-1]))) ** 0.5
                    weights[name] = random.uniform(-limit, limit, sizes).astype(np.float32)
                else:
                    weights[name] = np.full(sizes, kind, np.float32)
        return x, y, weights

    def places(self):
        """Each layer with its number and the shape of a row that reaches it."""
        shape = self.input
        for index, layer in enumerate(self.layers):
            yield index, layer, shape
            shape = output(layer, shape)


def output(layer, shape):
    """The shape of a row behind a layer."""
    match layer["layer"]:
        case "dense":
            return (*shape[:-1], layer["units"])
        case "conv":
            return (shape[0] - 2, shape[1] - 2, layer["filters"])
        case "max_pool":
            return (shape[0] // 2, shape[1] // 2, shape[2])
        case "flatten":
            return (int(np.prod(shape)),)
        case "lstm":
            return (layer["units"],)
        case "global_average_pool":
            return (shape[-1],)
    return shape


def parameters(layer, shape):
    """What a layer learns: role, sizes, and how it starts."""
    match layer["layer"]:
        case "dense":
            return [
                ("weight", (shape[-1], layer["units"]), "glorot"),
                ("bias", (layer["units"],), 0),
            ]
        case "conv":
            return [
                ("weight", (3, 3, shape[-1], layer["filters"]), "glorot"),
                ("bias", (layer["filters"],), 0),
            ]
        case "batch_norm":
            return [("weight", (shape[-1],), 1), ("bias", (shape[-1],), 0)]
        case "lstm":
            gates = 4 * layer["units"]
            return [
                ("weight", (shape[-1], gates), "glorot"),
                ("recurrent", (layer["units"], gates), "glorot"),
                ("bias", (gates,), 0),
            ]
        case "transformer_block":
            width = shape[-1]
            dense = {"attention.": (width, 3 * width), "attention.result.": (width, width),
                     "dense1.": (width, 4 * width), "dense2.": (4 * width, width)}
            rules = []
            for name, sizes in dense.items():
                rules += [(name + "weight", sizes, "glorot"), (name + "bias", sizes[1:], 0)]
            for name in ("norm1.", "norm2."):
                rules += [(name + "weight", (width,), 1), (name + "bias", (width,), 0)]
            return rules
    return []


# MARK: Data


def digits(rows, random):
    """The first rows of the digits: pixels from 0 to 1, and classes."""
    with open(os.path.join(HERE, "../../scripts/data/digits.csv")) as file:
        cells = list(csv.reader(file))
    target = cells[0].index("digit")
    numbers = np.array(cells[1 : rows + 1], dtype=np.float32)
    order = random.permutation(rows)
    x = np.delete(numbers, target, axis=1) / 16
    return np.ascontiguousarray(x[order]), numbers[order, target].astype(np.int32)


def fashion(rows, random):
    """Rows of Fashion-MNIST (dataset-fashion-mnist of Debian), or random ones of its shape."""
    try:
        with gzip.open(f"{FASHION}/train-images-idx3-ubyte.gz") as file:
            x = np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 784)[:rows]
        with gzip.open(f"{FASHION}/train-labels-idx1-ubyte.gz") as file:
            y = np.frombuffer(file.read(), np.uint8, offset=8)[:rows]
        return (x / 255).astype(np.float32), y.astype(np.int32)
    except FileNotFoundError:
        return uniform(784)(rows, random)


def images(rows, random):
    x, y = fashion(rows, random)
    return x.reshape(rows, 28, 28, 1), y


def uniform(*shape):
    """Random rows of a shape, of 10 classes."""

    def make(rows, random):
        x = random.uniform(0, 1, (rows, *shape)).astype(np.float32)
        return x, random.permutation(np.arange(rows) % 10).astype(np.int32)

    return make


def sequences(steps, width):
    """Random sequences, and a number that the first half of each decides."""

    def make(rows, random):
        x = random.normal(0, 1, (rows, steps, width)).astype(np.float32)
        return x, x[:, : steps // 2].mean(axis=(1, 2), keepdims=True)[:, 0] * 10

    return make


# MARK: The works

MLP = [dense(100, "relu"), dense(100, "relu"), dense(10)]
RELU, POOL = {"layer": "relu"}, {"layer": "max_pool", "size": [2, 2]}
NORM, FLAT = {"layer": "batch_norm"}, {"layer": "flatten"}
CNN = [conv(16), RELU, POOL, conv(32), RELU, POOL, FLAT, dense(100, "relu"), dense(10)]
NORMED = [conv(16), NORM, RELU, POOL, conv(32), NORM, RELU, POOL, FLAT, dense(100, "relu"), dense(10)]

WORKS = [
    Work("digits", "64-100-100-10 on 1,437 digits, batch 32", 1437, 32, MLP, digits),
    Work("images", "784-100-100-10 on 4,000 images, batch 32", 4000, 32, MLP, fashion),
    Work("images_200", "784-100-100-10 on 4,000 images, batch 200", 4000, 200, MLP, fashion),
    Work("cnn", "conv 16, pool, conv 32, pool, 100, 10 on 1,024 images, batch 32", 1024, 32, CNN, images),
    Work("cnn_norm", "the same with batch norm", 1024, 32, NORMED, images, rate=1e-4),
    Work(
        "wide", "1024-1024-1024-10 on 5,120 rows, batch 256", 5120, 256,
        [dense(1024, "relu"), dense(1024, "relu"), dense(10)], uniform(1024), rate=1e-4,
    ),
    Work(
        "lstm", "LSTM of 64 units over 24 steps of 6 numbers, 2,560 rows, batch 64", 2560, 64,
        [lstm(64), dense(1)], sequences(24, 6), loss="mse",
    ),
    Work(
        "transformer", "a transformer block, width 128, 4 heads, 64 steps, 640 rows, batch 32", 640, 32,
        [block(4), {"layer": "global_average_pool"}, dense(1)], sequences(64, 128), loss="mse",
    ),
]

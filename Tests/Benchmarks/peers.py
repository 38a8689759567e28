"""Who `train.py` times: each is given the same weights and rows, and gives its weights back.

A peer has `epoch(x, y)`, `times(x, y)` (seconds of epochs) and `after()`.
"""

import json
import os
import subprocess
import tempfile
import time
import warnings

import numpy as np

EPOCHS = 3


class Maas:
    """The core of maas, in a process of its own."""

    def __init__(self, program, work, weights, *extra):
        self.command, self.extra = [program], extra
        self.names = list(weights)
        self.folder = tempfile.TemporaryDirectory(prefix="maas-bench-")
        for name, array in weights.items():
            np.save(self.path(f"{name}.npy"), array)
        with open(self.path("work.json"), "w") as file:
            json.dump({"layers": work.layers, "loss": work.loss, "batch": work.batch, "rate": work.rate}, file)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def run(self, x, y, epochs):
        np.save(self.path("x.npy"), x)
        np.save(self.path("y.npy"), y)
        command = [*self.command, self.folder.name, str(epochs), *self.extra]
        result = subprocess.run(command, capture_output=True, text=True)
        if result.returncode != 0:
            raise RuntimeError(result.stderr)
        return [float(line) for line in result.stdout.split()]

    def epoch(self, x, y):
        self.run(x, y, 1)

    def times(self, x, y):
        return self.run(x, y, EPOCHS)

    def after(self):
        return {name: np.load(self.path(f"after.{name}.npy")) for name in self.names}


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

    def __init__(self, work, weights):
        from sklearn.neural_network import MLPClassifier
        from sklearn.neural_network._stochastic_optimizers import AdamOptimizer

        if work.name != "digits":
            raise NotImplementedError
        warnings.filterwarnings("ignore")
        self.names = list(weights)
        arrays = list(weights.values())
        self.net = MLPClassifier(
            (100, 100), alpha=0, batch_size=work.batch, learning_rate_init=work.rate, shuffle=False
        )
        x = np.zeros((work.batch, *work.input), np.float32)
        self.net.partial_fit(x, np.arange(work.batch) % 10, classes=np.arange(10))
        self.net.coefs_ = [w.copy() for w in arrays[0::2]]
        self.net.intercepts_ = [w.copy() for w in arrays[1::2]]
        self.net._optimizer = AdamOptimizer(self.net.coefs_ + self.net.intercepts_, work.rate)

    def epoch(self, x, y):
        self.net.partial_fit(x, y)

    def after(self):
        pairs = zip(self.net.coefs_, self.net.intercepts_)
        return dict(zip(self.names, (array for pair in pairs for array in pair)))


def last_state(width, units):
    """nn.LSTM, of which the state after the last step is asked. maas has one bias where PyTorch adds
    two, so the second stays 0."""
    from torch import nn

    class Last(nn.Module):
        def __init__(self):
            super().__init__()
            self.lstm = nn.LSTM(width, units, batch_first=True)
            self.lstm.bias_hh_l0.requires_grad_(False).zero_()

        def forward(self, x):
            return self.lstm(x)[0][:, -1]

    return Last()


def mean_of_steps():
    from torch import nn

    class Mean(nn.Module):
        def forward(self, x):
            return x.mean(1)

    return Mean()


class TorchNet:
    """A work as modules of PyTorch, images with channels first; and its weights, both ways."""

    def __init__(self, work):
        from torch import nn

        functions = {"identity": [], "relu": [nn.ReLU()]}
        modules, self.moves, flattened = [], [], None
        for index, layer, shape in work.places():
            name = f"{index}.{layer['layer']}"
            match layer["layer"]:
                case "dense":
                    modules += [nn.Linear(shape[-1], layer["units"]), *functions[layer["activation"]]]
                    self.moves += [(f"{name}.weight", flattened), (f"{name}.bias", None)]
                    flattened = None
                case "conv":
                    modules += [nn.Conv2d(shape[-1], layer["filters"], 3)]
                    self.moves += [(f"{name}.weight", None), (f"{name}.bias", None)]
                case "batch_norm":
                    modules += [nn.BatchNorm2d(shape[-1])]
                    self.moves += [(f"{name}.weight", None), (f"{name}.bias", None)]
                case "relu":
                    modules += [nn.ReLU()]
                case "max_pool":
                    modules += [nn.MaxPool2d(2)]
                case "flatten":
                    modules += [nn.Flatten()]
                    flattened = shape
                case "lstm":
                    modules += [last_state(shape[-1], layer["units"])]
                    self.moves += [(f"{name}.{role}", None) for role in ("weight", "recurrent", "bias")]
                case "transformer_block":
                    width = shape[-1]
                    modules += [
                        nn.TransformerEncoderLayer(
                            width, layer["heads"], 4 * width, 0.0, "gelu", batch_first=True, norm_first=True)
                    ]
                    for part in ("attention.", "attention.result.", "dense1.", "dense2.", "norm1.", "norm2."):
                        self.moves += [(f"{name}.{part}{role}", None) for role in ("weight", "bias")]
                case "global_average_pool":
                    modules += [mean_of_steps()]
        self.net = nn.Sequential(*modules)

    def parameters(self):
        return [parameter for parameter in self.net.parameters() if parameter.requires_grad]

    @staticmethod
    def there(array, flattened):
        """Weights of maas as PyTorch has them: outputs first, channels before the window."""
        if flattened and len(flattened) == 3:
            array = array.reshape(*flattened, -1).transpose(2, 0, 1, 3).reshape(array.shape)
        return {4: (3, 2, 0, 1), 2: (1, 0), 1: (0,)}[array.ndim], array

    def load(self, weights):
        import torch

        with torch.no_grad():
            for parameter, (name, flattened) in zip(self.parameters(), self.moves):
                axes, array = self.there(weights[name], flattened)
                parameter.copy_(torch.from_numpy(array.transpose(axes).copy()))

    def weights(self):
        result = {}
        for parameter, (name, flattened) in zip(self.parameters(), self.moves):
            array = parameter.detach().numpy()
            array = array.transpose({4: (2, 3, 1, 0), 2: (1, 0), 1: (0,)}[array.ndim])
            if flattened and len(flattened) == 3:
                h, w, c = flattened
                array = array.reshape(c, h, w, -1).transpose(1, 2, 0, 3).reshape(array.shape)
            result[name] = array
        return result


class Torch(Timed):
    """PyTorch as it is commonly written, without a DataLoader (which takes longer)."""

    fused, channels_last = None, False

    def __init__(self, work, weights):
        import torch

        torch.set_num_threads(1)
        self.torch, self.batch = torch, work.batch
        if self.channels_last and len(work.input) != 3:
            raise NotImplementedError
        made = TorchNet(work)
        made.load(weights)
        self.made, self.net = made, made.net
        if self.channels_last:
            self.net = self.net.to(memory_format=torch.channels_last)
        self.optimizer = torch.optim.Adam(self.net.parameters(), lr=work.rate, fused=self.fused)
        self.loss = torch.nn.CrossEntropyLoss() if work.loss == "cross_entropy" else torch.nn.MSELoss()

    def tensors(self, x, y):
        """The rows as this peer wants them, made before its clock runs."""
        x = self.torch.from_numpy(x)
        if x.ndim == 4:
            x = x.permute(0, 3, 1, 2)
            x = x if self.channels_last else x.contiguous()
        return x, self.torch.from_numpy(y).long() if y.dtype == np.int32 else self.torch.from_numpy(y)

    def epoch(self, x, y):
        self.run(*self.tensors(x, y))

    def run(self, x, y):
        for start in range(0, len(x), self.batch):
            self.optimizer.zero_grad()
            value = self.loss(self.net(x[start : start + self.batch]), y[start : start + self.batch])
            value.backward()
            self.optimizer.step()

    def times(self, x, y):
        rows, seconds = self.tensors(x, y), []
        for _ in range(EPOCHS):
            start = time.perf_counter()
            self.run(*rows)
            seconds.append(time.perf_counter() - start)
        return seconds

    def after(self):
        return self.made.weights()


class TorchFused(Torch):
    """The same with the fused Adam."""

    fused = True


class TorchLast(Torch):
    """The same with channels last, and the fused Adam."""

    fused, channels_last = True, True


class Jax(Timed):
    """JAX: an epoch is one compiled scan over the batches, which a last smaller one follows."""

    def __init__(self, work, weights):
        import jax
        import jax.numpy as jnp

        if any(layer["layer"] != "dense" for layer in work.layers):
            raise NotImplementedError
        self.batch, self.jnp = work.batch, jnp
        active = [layer["activation"] == "relu" for layer in work.layers]
        self.names = list(weights)
        self.state = ([jnp.array(w) for w in weights.values()],) + tuple(
            [jnp.zeros_like(w) for w in weights.values()] for _ in range(2)
        ) + (0,)

        def loss(weights, x, y):
            for layer, active_here in enumerate(active):
                x = x @ weights[2 * layer] + weights[2 * layer + 1]
                x = jnp.maximum(x, 0) if active_here else x
            return jnp.mean(jax.nn.logsumexp(x, axis=1) - x[jnp.arange(len(y)), y])

        def step(state, rows):
            weights, first, second, count = state
            gradients, count = jax.grad(loss)(weights, *rows), count + 1
            first = [0.9 * m + 0.1 * g for m, g in zip(first, gradients)]
            second = [0.999 * v + 0.001 * g * g for v, g in zip(second, gradients)]
            weights = [
                w - work.rate * (m / (1 - 0.9**count)) / (jnp.sqrt(v / (1 - 0.999**count)) + 1e-8)
                for w, m, v in zip(weights, first, second)
            ]
            return (weights, first, second, count), 0.0

        def epoch(state, x, y, rest):
            state, _ = jax.lax.scan(step, state, (x, y))
            return step(state, rest)[0] if len(rest[1]) else state

        self.compiled = jax.jit(epoch)

    def epoch(self, x, y):
        whole = len(x) // self.batch * self.batch
        parts = [a[:whole].reshape(-1, self.batch, *a.shape[1:]) for a in (x, y)]
        self.state = self.compiled(self.state, *parts, (x[whole:], y[whole:]))
        self.state[0][0].block_until_ready()

    def times(self, x, y):
        self.epoch(x, y)
        return super().times(x, y)

    def after(self):
        return dict(zip(self.names, map(np.asarray, self.state[0])))


def keras_adam():
    """Adam of Keras, whose epsilon stands before the correction of the second moment, with that of
    the others behind it."""
    import keras
    from keras import ops

    class Adam(keras.optimizers.Adam):
        def update_step(self, gradient, variable, learning_rate):
            rate, gradient = ops.cast(learning_rate, variable.dtype), ops.cast(gradient, variable.dtype)
            step, index = ops.cast(self.iterations + 1, variable.dtype), self._get_variable_index(variable)
            m, v = self._momentums[index], self._velocities[index]
            self.assign_add(m, (gradient - m) * (1 - self.beta_1))
            self.assign_add(v, (ops.square(gradient) - v) * (1 - self.beta_2))
            below = ops.sqrt(v / (1 - ops.power(self.beta_2, step))) + 1e-8
            self.assign_sub(variable, rate * m / (1 - ops.power(self.beta_1, step)) / below)

    return Adam


class Keras(Timed):
    """Keras 3 on JAX, compiled: an epoch is one `fit`."""

    def __init__(self, work, weights):
        os.environ.setdefault("KERAS_BACKEND", "jax")
        import keras

        kinds = {"dense", "conv", "relu", "max_pool", "flatten", "batch_norm"}
        if any(layer["layer"] not in kinds for layer in work.layers):
            raise NotImplementedError
        layers, self.names = [keras.Input(work.input)], list(weights)
        for layer in work.layers:
            match layer["layer"]:
                case "dense":
                    active = None if layer["activation"] == "identity" else layer["activation"]
                    layers.append(keras.layers.Dense(layer["units"], active))
                case "conv":
                    layers.append(keras.layers.Conv2D(layer["filters"], 3))
                case "relu":
                    layers.append(keras.layers.ReLU())
                case "max_pool":
                    layers.append(keras.layers.MaxPool2D(2))
                case "flatten":
                    layers.append(keras.layers.Flatten())
                case "batch_norm":
                    layers.append(keras.layers.BatchNormalization(momentum=0.9, epsilon=1e-5))
        self.net = keras.Sequential(layers)
        self.batch = work.batch
        for variable, name in zip(self.net.trainable_variables, self.names):
            variable.assign(weights[name])
        self.net.compile(
            optimizer=keras_adam()(work.rate),
            loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))

    def epoch(self, x, y):
        self.net.fit(x, y, batch_size=self.batch, epochs=1, shuffle=False, verbose=0)

    def times(self, x, y):
        self.epoch(x, y)
        return super().times(x, y)

    def after(self):
        return {name: np.asarray(variable) for name, variable in zip(self.names, self.net.trainable_variables)}


PEERS = {
    "scikit-learn": Sklearn,
    "PyTorch": Torch,
    "PyTorch, fused": TorchFused,
    "PyTorch, last": TorchLast,
    "JAX, scanned": Jax,
    "Keras on JAX": Keras,
}

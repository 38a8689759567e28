# Makes the numbers in ReferenceTests.swift: the same training written out in NumPy, f64.
# Needs numpy. Run: python3 training.py
import numpy as np

from waves import wave

rows, inputs, hidden, outputs, batch, epochs = 10, 5, 7, 3, 4, 3


def train(loss, optimizer):
    x = wave((rows, inputs), 0.3, 1.5)
    ids = np.arange(rows) * 7 % outputs
    k = outputs
    if loss == "mse":
        t = wave((rows, k), 0.9, 2.0)
    elif loss == "binary":
        t = (wave((rows, k), 0.9, 2.0) > 0) * 1.0
    else:
        t = np.eye(k)[ids]
    p = [wave((inputs, hidden), 1.0, 0.5), wave((hidden,), 2.0, 0.1),
         wave((hidden, k), 3.0, 0.5), wave((k,), 4.0, 0.1)]
    m = [np.zeros_like(a) for a in p]
    v = [np.zeros_like(a) for a in p]
    step, losses = 0, []
    for _ in range(epochs):
        total = count = 0
        for start in range(0, rows, batch):
            xb, tb = x[start:start + batch], t[start:start + batch]
            a = np.tanh(xb @ p[0] + p[1])
            z = a @ p[2] + p[3]
            if loss == "mse":
                value, n, dz = np.sum((z - tb) ** 2), z.size, 2 * (z - tb)
            elif loss == "binary":
                s = 1 / (1 + np.exp(-z))
                value = -np.sum(tb * np.log(s) + (1 - tb) * np.log(1 - s))
                n, dz = z.size, s - tb
            else:
                e = np.exp(z - z.max(1, keepdims=True))
                s = e / e.sum(1, keepdims=True)
                value, n, dz = -np.sum(tb * np.log(s)), len(xb), s - tb
            dz = dz / n
            total, count = total + value, count + n
            da = dz @ p[2].T * (1 - a * a)
            g = [xb.T @ da, da.sum(0), a.T @ dz, dz.sum(0)]
            step += 1
            for i in range(4):
                if optimizer == "adam":
                    m[i] = 0.9 * m[i] + 0.1 * g[i]
                    v[i] = 0.999 * v[i] + 0.001 * g[i] ** 2
                    mh, vh = m[i] / (1 - 0.9 ** step), v[i] / (1 - 0.999 ** step)
                    p[i] = p[i] - 0.05 * mh / (np.sqrt(vh) + 1e-8)
                else:
                    m[i] = 0.9 * m[i] + g[i]
                    p[i] = p[i] - 0.1 * m[i]
        losses.append(total / count)
    return losses, [p[0][0, 0], p[0][4, 6], p[1][3], p[2][6, 2], p[3][0]]


for loss in ["mse", "cross", "binary"]:
    for optimizer in ["sgd", "adam"]:
        losses, weights = train(loss, optimizer)
        print(loss, optimizer, [round(float(l), 9) for l in losses],
              [round(float(w), 9) for w in weights])

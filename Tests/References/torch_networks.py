# Makes Tests/TrainingTests/TorchNetworkNumbers.swift: 20 steps of networks of layers that hold layers,
# of tied, frozen and penalised weights, by PyTorch in f64. Of each parameter in the end there are two
# numbers: sum(v * wave) and sum(|v|). Needs torch. Run:
#   python3 torch_networks.py > ../TrainingTests/TorchNetworkNumbers.swift
import math
import torch
import torch.nn.functional as F

from torch_waves import fingerprint, wave

ROWS, STEPS, RATE = 6, 20, 0.05


def conv(x, w, b):  # [n, h, w, c], weights [h, w, in, out], the size is kept
    y = F.conv2d(x.permute(0, 3, 1, 2), w.permute(3, 2, 0, 1), b, padding=w.shape[0] // 2)
    return y.permute(0, 2, 3, 1)


def dense(x, w, b):
    return x @ w + b


def holding(x, p):
    p = iter(p)
    take = lambda: (next(p), next(p))
    x = conv(x, *take()).relu()
    x = x + conv(conv(x, *take()).tanh(), *take())
    x = torch.cat([conv(x, *take()), conv(conv(x, *take()).tanh(), *take())], -1)
    for _ in range(2):
        x = x + conv(x, *take()).tanh()
        x = F.layer_norm(x, (5,), *take())
    x = x.mean((1, 2))
    x = dense(x, *take()) + dense(dense(x, *take()).tanh(), *take())
    return dense(x, *take())


def penalised(x, p):
    x = dense(x, p[0], p[1]).tanh()
    return dense(dense(x, p[2], p[3]).tanh(), p[4], p[5])


def tied(x, p):  # p[3] is a bias, p[4], p[5] are frozen
    x = dense(x, p[0], p[1]).tanh()
    x = dense(x, p[0].T, p[2]).tanh()
    x = dense(x, p[0], p[3]).tanh()
    x = dense(x, p[4], p[5]).tanh()
    return dense(x, p[6], p[7])


def quiet(x, p):  # a frozen batch normalisation with statistics 0 and 1
    x = dense(x, p[0], p[1])
    x = x / math.sqrt(1 + 1e-5) * p[2] + p[3]
    return dense(x.tanh(), p[4], p[5])


def pair(*weight):
    return [weight, (weight[-1],)]


cases = [
    ("holding", holding, (6, 6, 2),
     pair(3, 3, 2, 4) + pair(3, 3, 4, 4) + pair(3, 3, 4, 4) + pair(1, 1, 4, 3) + pair(1, 1, 4, 2)
     + pair(3, 3, 2, 2) + 2 * (pair(1, 1, 5, 5) + [(5,), (5,)]) + pair(5, 5) + pair(5, 4)
     + pair(4, 5) + pair(5, 3), [], []),
    ("penalised", penalised, (5,), pair(5, 7) + pair(7, 4) + pair(4, 3), [], [2]),
    ("tied", tied, (5,), pair(5, 7) + [(5,), (7,)] + pair(7, 6) + pair(6, 3), [4, 5], []),
    ("quiet", quiet, (5,), pair(5, 7) + [(7,), (7,)] + pair(7, 3), [2, 3], []),
]

print("/// Made by Tests/References/torch_networks.py (PyTorch %s): of each parameter after %d steps,"
      % (torch.__version__.split("+")[0], STEPS))
print("/// Σ v wave and Σ |v|.\nlet torchNetworks: [String: [[Double]]] = [")
for name, function, row, shapes, frozen, decayed in cases:
    parameters = [wave(s, i + 1.0, 0.5) for i, s in enumerate(shapes)]
    trained = [i for i in range(len(shapes)) if i not in frozen]
    for i in trained:
        parameters[i].requires_grad_()
    groups = [{"params": [parameters[i]], "weight_decay": 0.1 if i in decayed else 0.0}
              for i in trained]
    optimizer = torch.optim.AdamW(groups, lr=RATE)
    if name != "penalised":
        optimizer = torch.optim.SGD([parameters[i] for i in trained], lr=RATE)
    x, y = wave((ROWS,) + row, 0.3, 1.5), wave((ROWS, 3), 0.9, 2)
    for step in range(STEPS):
        loss = ((function(x, parameters) - y) ** 2).mean()
        if name == "penalised":
            loss = loss + 0.01 * parameters[0].abs().sum() + 0.02 * (parameters[0] ** 2).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    rows = [fingerprint(v) for v in parameters]
    print('  "%s": [\n%s\n  ],' % (name, "\n".join("    [%.12g, %.12g]," % r for r in rows)))
print("]")

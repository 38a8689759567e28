# Makes optimizers.npz: weights and bias of a dense layer after 20 steps of each optimizer, f64.
# PyTorch has most of them; LAMB and Lion are written out in NumPy from the papers.
# Needs torch and numpy. Run: python3 optimizers.py
import numpy as np
import torch
from torch.optim import lr_scheduler as schedules

from waves import wave

n, k, steps = 12, 5, 20
arrays = {}


# f32 numbers, so that both sides start from the same.
w0, b0 = wave((n, k), 0.3, 1.0).astype(np.float32), wave((k,), 0.6, 0.5).astype(np.float32)
y = wave((n, k), 0.9, 2.0).astype(np.float32)


def keep(name, w, b):
    arrays[name + ".weight"], arrays[name + ".bias"] = np.array(w), np.array(b)


def torch_case(name, make, schedule=None, clip=None, average=None):
    w = torch.tensor(w0, dtype=torch.float64, requires_grad=True)
    b = torch.tensor(b0, dtype=torch.float64, requires_grad=True)
    goal = torch.tensor(y, dtype=torch.float64)
    optimizer = make([w, b])
    plan = schedule(optimizer) if schedule else None
    mean = None
    for step in range(steps):
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(w + b, goal)  # the rows are those of the identity
        loss.backward()
        if clip:
            clip([w, b])
        optimizer.step()
        if average is not None:  # as torch.optim.swa_utils.get_ema_multi_avg_fn
            now = [w.detach().clone(), b.detach().clone()]
            mean = now if mean is None else [average * m + (1 - average) * v
                                             for m, v in zip(mean, now)]
        if isinstance(plan, schedules.ReduceLROnPlateau):
            plan.step(loss.item())
        elif plan:
            plan.step()
    final = mean or [w.detach(), b.detach()]
    keep(name, final[0].numpy(), final[1].numpy())


def numpy_case(name, update):
    p = [w0.astype(np.float64), b0.astype(np.float64)]
    m, v = [np.zeros_like(a) for a in p], [np.zeros_like(a) for a in p]
    for step in range(1, steps + 1):
        d = 2 * (p[0] + p[1] - y) / (n * k)
        for i, g in enumerate([d, d.sum(0)]):
            p[i], m[i], v[i] = update(p[i], g, m[i], v[i], step)
    keep(name, *p)


def lamb(rate, decay, b1=0.9, b2=0.999, eps=1e-6):  # You et al. 2020, algorithm 2
    def update(p, g, m, v, t):
        m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g
        u = m / (1 - b1 ** t) / (np.sqrt(v / (1 - b2 ** t)) + eps) + decay * p
        return p - rate * np.linalg.norm(p) / np.linalg.norm(u) * u, m, v
    return update


def lion(rate, decay, b1=0.9, b2=0.99):  # Chen et al. 2023, algorithm 2
    def update(p, g, m, v, t):
        c = np.sign(b1 * m + (1 - b1) * g)
        return p - rate * (c + decay * p), b2 * m + (1 - b2) * g, v
    return update


o = torch.optim
torch_case("sgd", lambda p: o.SGD(p, 0.5))
torch_case("sgd-momentum", lambda p: o.SGD(p, 0.5, momentum=0.9, weight_decay=0.1))
torch_case("sgd-nesterov", lambda p: o.SGD(p, 0.5, momentum=0.9, nesterov=True))
torch_case("adam", lambda p: o.Adam(p, 0.05))
torch_case("adam-decay", lambda p: o.Adam(p, 0.05, weight_decay=0.1))
torch_case("adamw", lambda p: o.AdamW(p, 0.05, weight_decay=0.1))
torch_case("rmsprop", lambda p: o.RMSprop(p, 0.02, weight_decay=0.1))
torch_case("rmsprop-momentum", lambda p: o.RMSprop(p, 0.02, alpha=0.9, momentum=0.5))
torch_case("adagrad", lambda p: o.Adagrad(p, 0.2))
torch_case("adadelta", lambda p: o.Adadelta(p, 2.0))
numpy_case("lamb", lamb(0.02, 0.1))
numpy_case("lion", lion(0.02, 0.1))
sgd = lambda p: o.SGD(p, 2.0)
torch_case("step", sgd, lambda x: schedules.StepLR(x, 5, 0.5))
torch_case("exponential", sgd, lambda x: schedules.ExponentialLR(x, 0.9))
torch_case("cosine", sgd, lambda x: schedules.CosineAnnealingLR(x, steps, 0.2))
torch_case("warmup", sgd, lambda x: schedules.LambdaLR(x, lambda t: min(1, (t + 1) / 8)))
torch_case("one_cycle", lambda p: o.SGD(p, 2.0), lambda x: schedules.OneCycleLR(
    x, 2.0, total_steps=steps, cycle_momentum=False))
torch_case("plateau", lambda p: o.SGD(p, 6.0), lambda x: schedules.ReduceLROnPlateau(
    x, factor=0.5, patience=2))
torch_case("clip_norm", lambda p: o.SGD(p, 2.0),
           clip=lambda p: torch.nn.utils.clip_grad_norm_(p, 0.1))
torch_case("clip_value", lambda p: o.SGD(p, 2.0),
           clip=lambda p: torch.nn.utils.clip_grad_value_(p, 0.02))
torch_case("average", sgd, average=0.9)
np.savez_compressed("optimizers.npz", **arrays)

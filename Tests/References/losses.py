# Makes losses.npz: of each loss its scores, labels, value and gradient by the scores, f64.
# PyTorch has most of them; what it lacks is written out in NumPy from the paper named beside it.
# Needs torch and numpy. Run: python3 losses.py
import numpy as np
import torch
import torch.nn.functional as F

from waves import wave

n, k = 12, 5
arrays = {}


def shares(x):
    e = np.exp(x)
    return e / e.sum(1, keepdims=True)


def case(name, scores, labels, loss):
    # f32 numbers, so that both sides start from the same.
    scores, labels = scores.astype(np.float32), np.asarray(labels)
    if labels.dtype.kind == "f":
        labels = labels.astype(np.float32)
    x = torch.tensor(scores, dtype=torch.float64, requires_grad=True)
    t = torch.tensor(labels)
    value = loss(x, t.double() if t.is_floating_point() else t.long())
    value.backward()
    arrays[name + ".scores"] = scores
    arrays[name + ".labels"] = labels.astype(np.int32) if labels.dtype.kind == "i" else labels
    arrays[name + ".value"] = np.array([value.item()])
    arrays[name + ".gradient"] = x.grad.numpy()


def log_cosh(x, t):
    d = x - t  # Saleh & Saleh 2022, eq. 3
    return torch.log(torch.cosh(d)).mean()


def quantile(q):  # Koenker & Bassett 1978
    return lambda x, t: torch.maximum(q * (t - x), (q - 1) * (t - x)).mean()


def focal(gamma, weights=None):  # Lin et al. 2017, eqs. 4 and 5, by softmax
    def loss(x, t):
        logs = F.log_softmax(x, 1).gather(1, t[:, None])[:, 0]
        a = torch.ones(len(t)) if weights is None else torch.tensor(weights, dtype=x.dtype)[t]
        return (-a * (1 - logs.exp()) ** gamma * logs).mean()
    return loss


def focal_choices(gamma, weights):  # the same by sigmoid
    def loss(x, t):
        p = torch.sigmoid(x)
        ce = F.binary_cross_entropy_with_logits(x, t, reduction="none")
        right = p * t + (1 - p) * (1 - t)
        a = weights[1] * t + weights[0] * (1 - t)
        return (a * ce * (1 - right) ** gamma).mean()
    return loss


def triplet(margin):  # Hermans et al. 2017, eq. 5, on rows chosen by NumPy
    def loss(x, t):
        d = torch.cdist(x, x).detach().numpy()
        ids = t.numpy()
        same = ids[:, None] == ids[None, :]
        a = [i for i in range(n) if same[i].sum() > 1]
        far = np.where(same, d, -1).argmax(1)
        near = np.where(same, np.inf, d).argmin(1)
        rows = F.triplet_margin_loss(
            x[a], x[far[a]], x[near[a]], margin=margin, eps=0, reduction="sum")
        return rows / n
    return loss


scores, amounts = wave((n, k), 0.3, 2.0), wave((n, k), 0.9, 2.0)
ids = np.arange(n) * 7 % k
two = np.arange(n) * 3 % 4 % 2
choices = (wave((n, k), 0.7, 1) > 0).astype(np.float32)
weights = [0.5, 1, 2, 1.5, 0.25]
w = torch.tensor(weights, dtype=torch.float64)
one = wave((n, 1), 0.4, 2.0)

case("mse", scores, amounts, F.mse_loss)
case("mae", scores, amounts, F.l1_loss)
case("huber", scores, amounts, F.huber_loss)
case("huber-0.3", scores, amounts, lambda x, t: F.huber_loss(x, t, delta=0.3))
case("log_cosh", scores, amounts, log_cosh)
case("quantile-0.9", scores, amounts, quantile(0.9))
case("poisson", wave((n, k), 0.3, 1), np.floor(np.abs(amounts) * 2), F.poisson_nll_loss)
case("cross_entropy", scores, ids, F.cross_entropy)
case("cross_entropy-shares", scores, shares(amounts), F.cross_entropy)
case("cross_entropy-smooth", scores, ids, lambda x, t: F.cross_entropy(x, t, label_smoothing=0.1))
case("cross_entropy-weights", scores, ids, lambda x, t: F.cross_entropy(x, t, weight=w))
case("cross_entropy-both", scores, ids,
     lambda x, t: F.cross_entropy(x, t, weight=w, label_smoothing=0.2))
case("binary_cross_entropy", scores, choices, F.binary_cross_entropy_with_logits)
case("binary_cross_entropy-pair", one, two,
     lambda x, t: F.binary_cross_entropy_with_logits(x[:, 0], t.double()))
case("binary_cross_entropy-weights", scores, choices,
     lambda x, t: F.binary_cross_entropy_with_logits(x, t, pos_weight=torch.tensor(3.0)))
case("focal", scores, ids, focal(2))
case("focal-weights", scores, ids, focal(0.5, weights))
case("focal-choices", scores, choices, focal_choices(2, [0.75, 0.25]))
case("hinge", scores, ids, F.multi_margin_loss)
case("hinge-pair", one, two,
     lambda x, t: torch.clamp(1 - (2 * t - 1) * x[:, 0], min=0).mean())
case("kl_divergence", scores, shares(amounts),
     lambda x, t: F.kl_div(F.log_softmax(x, 1), t, reduction="batchmean"))
case("cosine", scores, amounts,
     lambda x, t: F.cosine_embedding_loss(x, t, torch.ones(n)))
case("triplet", scores, np.arange(n) * 5 % 4, triplet(1.0))
np.savez_compressed("losses.npz", **arrays)

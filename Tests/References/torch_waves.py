# Numbers that the tests make as well (Tests/TensorSupport/Wave.swift), in PyTorch, and the two that
# are kept of a result.
import math
import torch

torch.set_default_dtype(torch.float64)


def wave(shape, start, factor=1.0):
    count = math.prod(shape)
    return (factor * torch.sin(start + torch.arange(count) * 1.7)).reshape(shape)


def fingerprint(v):
    """sum(v * wave) and sum(|v|)."""
    v = v.detach().contiguous().reshape(-1)
    return float((v * wave((v.numel(),), 0.2)).sum()), float(v.abs().sum())

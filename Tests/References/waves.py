# Numbers that the tests make as well (Tests/TensorSupport/Wave.swift), in NumPy.
import numpy as np


def wave(shape, start, factor=1.0):
    count = int(np.prod(shape))
    return (factor * np.sin(start + np.arange(count) * 1.7)).reshape(shape)

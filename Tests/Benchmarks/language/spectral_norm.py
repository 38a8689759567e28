# The largest singular value of an infinite matrix, by ten steps of the power method.
from math import sqrt


def entry(i, j):
    return 1 / ((i + j) * (i + j + 1) / 2 + i + 1)


def times(v):
    n = len(v)
    result = []
    for i in range(n):
        sum = 0
        for j in range(n):
            sum += entry(i, j) * v[j]
        result.append(sum)
    return result


def transposed_times(v):
    n = len(v)
    result = []
    for i in range(n):
        sum = 0
        for j in range(n):
            sum += entry(j, i) * v[j]
        result.append(sum)
    return result


def norm(n):
    u = [1] * n
    v = u
    for step in range(10):
        v = transposed_times(times(u))
        u = transposed_times(times(v))
    uv = 0
    vv = 0
    for i in range(n):
        uv += u[i] * v[i]
        vv += v[i] * v[i]
    return sqrt(uv / vv)


print(f"{norm(300):.9f}")

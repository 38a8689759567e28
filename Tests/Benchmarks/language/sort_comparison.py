# A million numbers in the order of a comparison function: by the last digit, then downwards.
from functools import cmp_to_key


def numbers(n):
    xs = []
    state = 42
    for i in range(n):
        state = (state * 16807) % 2147483647
        xs.append(state)
    return xs


def compare(a, b):
    if a % 10 != b % 10:
        return a % 10 - b % 10
    return b - a


xs = sorted(numbers(1_000_000), key=cmp_to_key(compare))
print(xs[0], xs[500_000], xs[-1])

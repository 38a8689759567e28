# map, filter and reduce with functions that capture.
from functools import reduce


def total(n, rounds):
    xs = list(range(n))
    sum = 0
    for round in range(rounds):
        shifted = list(map(lambda x: x * 2 + round, xs))
        kept = list(filter(lambda x: x % 3 == 0, shifted))
        sum += reduce(lambda a, b: a + b, kept, 0)
    return sum


print(total(100_000, 30))

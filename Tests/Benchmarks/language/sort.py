# A million numbers in order.
def numbers(n):
    xs = []
    state = 42
    for i in range(n):
        state = (state * 16807) % 2147483647
        xs.append(state)
    return xs


xs = sorted(numbers(1_000_000))
print(xs[0], xs[500_000], xs[-1])

def count(steps):
    i = 0
    total = 0
    while i < steps:
        total += i % 7
        i += 1
    return total


print(count(20_000_000))

def total(steps):
    sum = 0
    for i in range(steps):
        sum += i
    return sum


print(total(20_000_000))

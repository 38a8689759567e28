# What a list of orders adds up to: `match` on words, numbers and shapes.
def worth(order):
    match order:
        case "free":
            return 0
        case int(n) if 0 <= n < 100:
            return 1
        case int(n):
            return 2
        case {"kind": "late", "days": days}:
            return days
        case [first, second]:
            return first + second
        case _:
            return -1


def total(rounds):
    orders = ["free", 50, 500, {"kind": "late", "days": 3}, [4, 5], None]
    sum = 0
    for round in range(rounds):
        for order in orders:
            sum += worth(order)
    return sum


print(total(300_000))

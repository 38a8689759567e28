# Trees that are made and counted: the work of allocation.
def tree(depth):
    if depth == 0:
        return {"left": None, "right": None}
    return {"left": tree(depth - 1), "right": tree(depth - 1)}


def count(node):
    if node["left"] is None:
        return 1
    return 1 + count(node["left"]) + count(node["right"])


kept = tree(14)
for depth in range(4, 15, 2):
    rounds = 2 ** (14 - depth + 4)
    total = 0
    for i in range(rounds):
        total += count(tree(depth))
    print(rounds, depth, total)
print(count(kept))

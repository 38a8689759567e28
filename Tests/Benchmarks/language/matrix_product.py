# The product of two matrices of numbers, which are lists of rows.
def matrix(n, seed):
    rows = []
    for i in range(n):
        row = []
        for j in range(n):
            row.append((i * 3 + j * 7 + seed) % 10)
        rows.append(row)
    return rows


def product(a, b):
    n = len(a)
    result = []
    for i in range(n):
        row = []
        for j in range(n):
            sum = 0
            for k in range(n):
                sum += a[i][k] * b[k][j]
            row.append(sum)
        result.append(row)
    return result


c = product(matrix(200, 1), matrix(200, 2))
print(c[0][0], c[17][31], c[199][199])

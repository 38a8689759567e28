# How many points of a grid stay within the circle for 50 steps.
def inside(size):
    count = 0
    for row in range(size):
        ci = 2 * row / size - 1
        for column in range(size):
            cr = 3 * column / size - 2
            zr = 0
            zi = 0
            step = 0
            while step < 50:
                r2 = zr * zr
                i2 = zi * zi
                if r2 + i2 > 4:
                    break
                zi = 2 * zr * zi + ci
                zr = r2 - i2 + cr
                step += 1
            if step == 50:
                count += 1
    return count


print(inside(400))

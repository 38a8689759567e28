# The most flips of any permutation of n cards, and the checksum over all of them.
def fannkuch(n):
    permutation = list(range(n))
    count = list(range(1, n + 1))
    sign = 1
    most = 0
    checksum = 0
    while True:
        first = permutation[0]
        if first != 0:
            cards = permutation[:]
            flips = 1
            while True:
                top = cards[first]
                if top == 0:
                    break
                cards[first] = first
                if first > 2:
                    i = 1
                    j = first - 1
                    while i < j:
                        cards[i], cards[j] = cards[j], cards[i]
                        i += 1
                        j -= 1
                first = top
                flips += 1
            if flips > most:
                most = flips
            checksum += sign * flips
        if sign == 1:
            permutation[0], permutation[1] = permutation[1], permutation[0]
            sign = -1
        else:
            permutation[1], permutation[2] = permutation[2], permutation[1]
            sign = 1
            i = 2
            while True:
                if count[i] != 1:
                    count[i] -= 1
                    break
                if i == n - 1:
                    return checksum, most
                count[i] = i + 1
                card = permutation[0]
                for j in range(i + 1):
                    permutation[j] = permutation[j + 1]
                permutation[i + 1] = card
                i += 1


checksum, most = fannkuch(9)
print(checksum, most)

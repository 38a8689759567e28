def primes(limit):
    prime = []
    i = 0
    while i <= limit:
        prime.append(True)
        i += 1
    count = 0
    i = 2
    while i <= limit:
        if prime[i]:
            count += 1
            multiple = i * i
            while multiple <= limit:
                prime[multiple] = False
                multiple += i
        i += 1
    return count


print(primes(2_000_000))

# The words of a file and how often each occurs.
import sys

counts = {}
with open(sys.argv[1], encoding="utf-8") as file:
    for line in file:
        for word in line.rstrip("\n").split(" "):
            counts[word] = counts.get(word, 0) + 1
words = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
print(len(words))
for word, n in words[:5]:
    print(word, n)

# A text built piece by piece, and taken apart again.
def build(n):
    text = ""
    for i in range(n):
        text += f"item {i}"
        text += "\n" if i % 10 == 9 else ","
    return text


def sum(text):
    total = 0
    for line in text.split("\n"):
        for item in line.split(","):
            if item != "":
                total += int(item.split(" ")[1])
    return total


text = build(300_000)
print(len(text), sum(text))

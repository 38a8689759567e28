# The addresses in a text, and the time stamps in it.
import re
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    text = file.read()
addresses = re.findall(r"[a-z]+@[a-z]+\.[a-z]+", text)
times = re.findall(r"[0-9][0-9]:[0-9][0-9]", text)
print(len(addresses), len(times))

"""Requests per second of `maas serve` for a row of 10 and of 784 numbers, with wrk.

    python serve.py PATH/TO/maas

The server runs on the last processor, wrk on the first, if there are two.
"""

import json
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

RUNS, SECONDS, CONNECTIONS = 3, 4, 8
WANTED = {10: 25_000, 784: 12_000}
MAAS = os.path.abspath(sys.argv[1])
HERE = os.path.dirname(os.path.abspath(__file__))


def on_processor(index):
    """Words before a command that keep it on one processor."""
    count = len(os.sched_getaffinity(0))
    return ["taskset", "-c", str(index % count)] if count > 1 and shutil.which("taskset") else []


def make_model(folder, width):
    """Registers a model for rows of `width` numbers, and writes the body of a request."""
    draw = random.Random(width)
    rows = [[round(draw.random(), 4) for _ in range(width)] for _ in range(100)]
    table = os.path.join(folder, f"rows{width}.csv")
    with open(table, "w") as file:
        print(",".join([f"x{i}" for i in range(width)] + ["answer"]), file=file)
        for index, row in enumerate(rows):
            print(",".join(map(str, row + [index % 10])), file=file)
    body = os.path.join(folder, f"body{width}.json")
    with open(body, "w") as file:
        json.dump({"data": [rows[0]]}, file)
    script = os.path.join(HERE, "serve/model.maas")
    subprocess.run(
        [MAAS, "run", script, table, f"rows{width}"], cwd=folder, check=True, capture_output=True
    )
    return body


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(url, server):
    for _ in range(200):
        try:
            urllib.request.urlopen(url, timeout=1).read()
            return
        except OSError:
            if server.poll() is not None:
                sys.exit(f"the server ended: {server.stderr.read().decode()}")
            time.sleep(0.05)
    sys.exit(f"no answer from {url} within 10 s")


def measure(folder, width):
    body = make_model(folder, width)
    port = free_port()
    command = [MAAS, "serve", f"rows{width}", "--port", str(port)]
    server = subprocess.Popen(
        on_processor(1) + command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        url = f"http://127.0.0.1:{port}"
        wait_for(f"{url}/healthz", server)
        with open(body, "rb") as file:
            answer = urllib.request.urlopen(f"{url}/predict", data=file.read()).read()
        print(f"\na row of {width}: {answer.decode()[:100]}…")
        for run in range(RUNS):
            report(width, run, wrk(f"{url}/predict", body))
    finally:
        server.terminate()
        server.wait()


def wrk(url, body):
    script = os.path.join(HERE, "serve/post.lua")
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "--latency", "-s", script]
    ran = subprocess.run(
        on_processor(0) + command + [url, "--", body], capture_output=True, text=True, check=True
    )
    return ran.stdout


def report(width, run, text):
    rate = float(re.search(r"Requests/sec:\s*([\d.]+)", text)[1])
    p50 = re.search(r"(?m)^\s+50%\s+(\S+)", text)[1]
    p99 = re.search(r"(?m)^\s+99%\s+(\S+)", text)[1]
    bad = re.search(r"Non-2xx.*|Socket errors.*", text)
    verdict = "reached" if rate >= WANTED[width] else "missed"
    print(
        f"  run {run + 1}: {rate:8.0f} requests/s, p50 {p50}, p99 {p99}"
        f"  ({WANTED[width]} to reach: {verdict})" + (f"  {bad[0]}" if bad else ""),
        flush=True,
    )


def main():
    if not shutil.which("wrk"):
        sys.exit("skipped: wrk is not installed (apt-get install wrk)")
    with tempfile.TemporaryDirectory(prefix="maas-bench-") as folder:
        for width in WANTED:
            measure(folder, width)


main()

#!/usr/bin/env python3
"""How long krun takes to begin: startup.py MOST ROOT KRUN runs `KRUN --help` 20 times in the file system ROOT, by a user without capabilities.

Ends with 1 where the median is MOST milliseconds or more. Of five such rounds the best counts: what else runs on the machine is not meant.
"""

import os
import statistics
import subprocess
import sys
import time

ROUNDS = 5
RUNS = 20
NOBODY = 65534


def enter(root: str):
    os.chroot(root)
    os.chdir("/")
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)


def median(root: str, program: str) -> float:
    times = []
    for _ in range(RUNS):
        begin = time.perf_counter()
        subprocess.run(
            [program, "--help"], env={"PATH": "/usr/local/bin:/usr/bin:/bin"}, preexec_fn=lambda: enter(root),
            stdout=subprocess.DEVNULL, check=True,
        )
        times.append((time.perf_counter() - begin) * 1000)
    return statistics.median(times)


def main() -> int:
    most, root, program = float(sys.argv[1]), sys.argv[2], sys.argv[3]
    best = float("inf")
    for _ in range(ROUNDS):
        best = min(best, median(root, program))
        if best < most:
            break
    print(f"krun --help: {best:.1f} ms, the median of {RUNS}")
    return 0 if best < most else 1


if __name__ == "__main__":
    sys.exit(main())

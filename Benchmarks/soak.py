#!/usr/bin/env python3
"""Runs every scenario over and over in one process of krun, two at a time, and watches its memory.

Fails where a scenario does not pass, or where memory grows by more than 2 kB a scenario: the slope of a line through what is resident,
without the first fifth of the time, in which caches and the arenas of threads fill. Run as root it gives up every privilege first.

Needs a release build of krun; `make soak MINUTES=30` builds it.
"""

import argparse
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
# More than any machine runs in a minute.
SCENARIOS_A_MINUTE = 2_000
AIM_BYTES = 2_000
NOBODY = 65534


def resident(pid):
    """Bytes, or None where the process is gone."""
    try:
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return None
    fields = [line.split() for line in status.splitlines() if line.startswith("VmRSS:")]
    return int(fields[0][1]) * 1024 if fields else None


def slope(points):
    """Of the line with the least squares through (x, y)."""
    count = len(points)
    middle_x = sum(x for x, _ in points) / count
    middle_y = sum(y for _, y in points) / count
    spread = sum((x - middle_x) ** 2 for x, _ in points)
    return sum((x - middle_x) * (y - middle_y) for x, y in points) / spread if spread else 0.0


class Verdicts(threading.Thread):
    """Reads what krun writes: how many scenarios passed, and every line about one that did not."""

    def __init__(self, output):
        super().__init__(daemon=True)
        self.output = output
        self.passed = 0
        self.others = []

    def run(self):
        for line in self.output:
            if line.startswith("✓"):
                self.passed += 1
            elif line.startswith(("✗", "error")):
                self.others.append(line.rstrip())


def unprivileged(command):
    if os.geteuid() != 0:
        return command
    user = [f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--bounding-set=-all", "--inh-caps=-all"]
    return ["setpriv", *user, *command]


def soak(krun, folder, minutes):
    files = sorted(file.name for file in folder.glob("*.json"))
    rounds = int(minutes * SCENARIOS_A_MINUTE / len(files)) + 1
    environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin")}
    process = subprocess.Popen(
        unprivileged([str(krun), "--jobs", "2", "--compact", *(files * rounds)]), cwd=folder, env=environment,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    verdicts = Verdicts(process.stdout)
    verdicts.start()
    start = time.monotonic()
    samples = []
    try:
        while process.poll() is None and time.monotonic() - start < minutes * 60:
            time.sleep(min(5, minutes * 60 / 50))
            size = resident(process.pid)
            if size is not None and verdicts.passed:
                samples.append((time.monotonic() - start, verdicts.passed, size))
                if len(samples) % 12 == 1:
                    print(f"{samples[-1][0]:6.0f} s {verdicts.passed:7d} scenarios {size / 2**20:7.1f} MiB", flush=True)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
    code = process.wait(timeout=60)
    verdicts.join(timeout=60)
    kept = [(count, size) for second, count, size in samples if second > minutes * 60 / 5]
    if len(kept) < 2:
        sys.exit(f"krun ended at once, exit code {code}: {verdicts.others[:5]}")
    growth = slope(kept)
    print(f"{verdicts.passed} scenarios passed, {len(verdicts.others)} did not; exit code {code} after Ctrl+C")
    print(f"memory: {kept[0][1] / 2**20:.1f} MiB, at the end {kept[-1][1] / 2**20:.1f} MiB, {growth / 1000:+.2f} kB a scenario (aim: 2)")
    for line in verdicts.others[:20]:
        print(f"  {line}")
    return not verdicts.others and growth <= AIM_BYTES


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--krun", type=pathlib.Path, default=ROOT / ".build/release/krun")
    options = parser.parse_args()
    # A copy: what is above the checkout may be closed to others.
    with tempfile.TemporaryDirectory() as name:
        stage = pathlib.Path(name)
        stage.chmod(0o755)
        shutil.copy(options.krun, stage / "krun")
        shutil.copytree(ROOT / "scenarios", stage / "scenarios")
        sys.exit(0 if soak(stage / "krun", stage / "scenarios", options.minutes) else 1)


if __name__ == "__main__":
    main()

"""What the benchmarks share: processes and what they cost, clusters, scenarios, aims."""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
# Of the macOS kernel in bytes, of Linux in KiB.
RSS_UNIT = 1 if sys.platform == "darwin" else 1024
# Together with its key a message is about 110 bytes.
VALUE = ("the quick brown fox jumps over the lazy dog and " * 3)[:100]
KEYS = 10_000
PARTITIONER = "murmur2_random"
# A scenario sends no more than 1 GiB unless it is told so.
MAX_BYTES = ("--max-bytes", "64GiB")


class Trouble(Exception):
    """What the user must know; printed without a traceback."""


class Sample:
    """What one process cost."""

    def __init__(self, seconds, cpu_seconds, peak_bytes):
        self.seconds = seconds
        self.cpu_seconds = cpu_seconds
        self.peak_bytes = peak_bytes

    @staticmethod
    def median(samples):
        return Sample(
            statistics.median(s.seconds for s in samples),
            statistics.median(s.cpu_seconds for s in samples),
            statistics.median(s.peak_bytes for s in samples),
        )


def measure(arguments, folder):
    """Runs a process to its end; its output goes to a file that is shown when it fails."""
    log = folder / "output"
    with open(log, "wb") as errors:
        start = time.perf_counter()
        process = subprocess.Popen(
            [str(a) for a in arguments], stdin=subprocess.DEVNULL, stdout=errors, stderr=errors, env=environment()
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        command = " ".join(str(a) for a in arguments)
        raise Trouble(f"exit code {process.returncode} of: {command}\n{log.read_text(errors='replace')[-4000:]}")
    return Sample(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * RSS_UNIT)


def measure_pipe(arguments, folder, source=None):
    """Runs a process that reads a file through a pipe, or nothing, and writes into a pipe; what it cost, and how many lines it wrote."""
    with open(folder / "output", "wb") as errors:
        start = time.perf_counter()
        feeder = subprocess.Popen(["cat", source], stdout=subprocess.PIPE) if source else None
        process = subprocess.Popen(
            [str(a) for a in arguments], stdin=feeder.stdout if feeder else subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=errors, env=environment(),
        )
        counter = subprocess.Popen(["wc", "-l"], stdin=process.stdout, stdout=subprocess.PIPE, text=True)
        # Otherwise nobody would notice that the reader went away.
        process.stdout.close()
        if feeder:
            feeder.stdout.close()
        _, status, usage = os.wait4(process.pid, 0)
        lines = int(counter.communicate()[0])
        seconds = time.perf_counter() - start
    if feeder:
        feeder.wait()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        command = " ".join(str(a) for a in arguments)
        log = (folder / "output").read_text(errors="replace")[-4000:]
        raise Trouble(f"exit code {process.returncode} of: {command}\n{log}")
    return Sample(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * RSS_UNIT), lines


def environment():
    """Nothing of the surroundings chooses krun's broker."""
    return {name: value for name, value in os.environ.items() if not name.startswith("KRUN_")}


class Broker:
    """`krun broker`, three of them, for as long as the `with` lasts."""

    def __init__(self, krun):
        self.krun = krun

    def __enter__(self):
        self.process = subprocess.Popen(
            [str(self.krun), "broker", "--brokers", "3", "--port", "0"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, env=environment(),
        )
        line = self.process.stdout.readline().strip()
        if not line.startswith("export KRUN_BROKERS="):
            raise Trouble("krun broker did not start")
        self.bootstrap = line.partition("=")[2]
        return self

    def __exit__(self, *_):
        self.process.terminate()
        _, status, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        self.peak_bytes = usage.ru_maxrss * RSS_UNIT


class Cluster:
    """The cluster with its topics for as long as the `with` lasts; without a bootstrap address the mock cluster."""

    def __init__(self, program, partitions, topics, bootstrap=None):
        where = ["real", bootstrap] if bootstrap else ["mock"]
        self.arguments = [str(program), *where, str(partitions), *topics]

    def __enter__(self):
        self.process = subprocess.Popen(self.arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.bootstrap = self.process.stdout.readline().strip()
        if not self.bootstrap:
            raise Trouble("the cluster did not start")
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(timeout=60)


def produce_step(topic, count):
    return {
        "produce": topic,
        "count": count,
        "key": "user-{{index % " + str(KEYS) + "}}",
        "value": VALUE,
        "partitioner": PARTITIONER,
        "expect": {"messages": count, "failed": 0},
    }


def consume_step(topic, count):
    return {"consume": topic, "expect": {"messages": count}}


def write_scenario(path, name, topic, partitions, steps):
    scenario = {
        "name": name,
        "timeouts": {"deliver": "10m", "receive": "10m"},
        "topics": [{"name": topic, "existing": True, "partitions": partitions}],
        "steps": steps,
    }
    path.write_text(json.dumps(scenario, indent=2), encoding="utf-8")
    return path


def seconds_of(text):
    """A duration as the JSON report writes it: `12.3ms`."""
    if not text.endswith("ms"):
        raise Trouble(f"not a duration of the report: {text}")
    return float(text[:-2]) / 1000


def table(rows, header):
    widths = [max(len(row[column]) for row in [header, *rows]) for column in range(len(header))]
    for row in [header, *rows]:
        cells = [row[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        print("  " + "  ".join(cells).rstrip())


class Aims:
    """What was aimed at; the run fails when something was missed."""

    def __init__(self):
        self.missed = []

    def at_most(self, what, value, limit, form="{:.2f}"):
        self._note(what, value <= limit, f"{form.format(value)} (aim: at most {form.format(limit)})")

    def at_least(self, what, value, limit, form="{:.2f}"):
        self._note(what, value >= limit, f"{form.format(value)} (aim: at least {form.format(limit)})")

    def _note(self, what, is_held, text):
        print(f"  {what}: {text}{'' if is_held else '   MISSED'}")
        if not is_held:
            self.missed.append(f"{what}: {text}")

    def verdict(self):
        """Prints one line, and says whether all were reached."""
        if not self.missed:
            print("\nbench: every aim was reached")
            return True
        print(f"\nbench: {len(self.missed)} of the aims missed: " + "; ".join(self.missed), file=sys.stderr)
        return False

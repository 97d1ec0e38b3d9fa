#!/usr/bin/env python3
"""Measures krun beside kcat, and krun's broker beside librdkafka's mock cluster: the same messages, whole processes, one run.

Prints messages per second, CPU seconds (user + system), peak memory and the ratio krun / kcat, then krun's start-up and the time of
`krun check`; of the broker, its throughput beside the mock cluster's with the same client and load, how fast many groups form, and the
memory that 10 000 000 messages take. With KRUN_TEST_BROKERS (a broker without TLS and SASL) also 2 000 000 messages there, and
krun's peak memory at 5 000 000 messages against 50 000. Then 1 000 000 messages through pipes: lines into `kcat -P` and records into
`krun produce`, and out of `kcat -C -J` and `krun consume` as JSON. And what reading costs from 10 000 to 10 000 000 messages of 10 bytes to
10 kB, beside itself and, on the real broker, beside librdkafka's own rdkafka_performance (on the path, or KRUN_RDKAFKA_PERFORMANCE
names it). When an aim is missed, a last line says which, and the exit code is 1.

Needs a release build of krun, kcat, a C compiler and librdkafka's headers; `make bench` builds krun.
"""

import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from measuring import (
    HERE, KEYS, MAX_BYTES, PARTITIONER, ROOT, VALUE, Aims, Broker, Cluster, Sample, Trouble, consume_step, environment, measure,
    measure_pipe, produce_step, seconds_of, table, write_scenario,
)
from reading import beside_rdkafka_performance, reading_by_size


def write_messages(path, count):
    """One line `key:value` a message, as kcat reads them."""
    with open(path, "w", encoding="ascii") as file:
        for start in range(0, count, 100_000):
            end = min(start + 100_000, count)
            file.write("".join(f"user-{index % KEYS}:{VALUE}\n" for index in range(start, end)))


def write_records(path, count):
    """The same messages as `krun consume --output json` writes them."""
    with open(path, "w", encoding="ascii") as file:
        for start in range(0, count, 100_000):
            end = min(start + 100_000, count)
            file.write("".join(
                f'{{"topic":"source","partition":{index % 24},"offset":{index // 24},"timestamp":1700000000000,'
                f'"key":"user-{index % KEYS}","value":"{VALUE}"}}\n'
                for index in range(start, end)
            ))


def step_seconds(report):
    """Of a produce and a consume step, the time in which messages moved."""
    steps = json.loads(report.read_text(encoding="utf-8"))["scenarios"][0]["steps"]
    produced = next(step["outcome"] for step in steps if "produce" in step)
    consumed = next(step["outcome"] for step in steps if "consume" in step)
    return seconds_of(produced["duration"]), seconds_of(consumed["receiveDuration"])


def compare(tools, folder, title, count, partitions, rounds, bootstrap=None):
    """krun and kcat produce and consume the same messages, in turn, on one cluster a round."""
    print(f"\n{title}: {count:,} messages of {len(VALUE)} bytes, {KEYS:,} keys, {partitions} partitions, median of {rounds}")
    messages = folder / "messages"
    write_messages(messages, count)
    samples = {name: [] for name in ("kcat -P", "krun produce", "kcat -C", "krun consume", "krun both")}
    steps = []
    suffix = f"{int(time.time())}-{os.getpid()}"
    for number in range(rounds):
        by_kcat, by_krun, by_both = (f"bench-{name}-{suffix}-{number}" for name in ("kcat", "krun", "both"))
        produce = write_scenario(folder / "produce.json", "produce", by_krun, partitions, [produce_step(by_krun, count)])
        consume = write_scenario(folder / "consume.json", "consume", by_krun, partitions, [consume_step(by_krun, count)])
        both = write_scenario(
            folder / "both.json", "both", by_both, partitions, [produce_step(by_both, count), consume_step(by_both, count)]
        )
        report = folder / "report.json"
        with Cluster(tools.cluster, partitions, [by_kcat, by_krun, by_both], bootstrap) as cluster:
            kcat = [tools.kcat, "-b", cluster.bootstrap, "-q"]
            krun = [tools.krun, *MAX_BYTES, "--brokers", cluster.bootstrap, "--exact-names"]
            run = {
                "kcat -P": [*kcat, "-P", "-t", by_kcat, "-K:", "-X", f"topic.partitioner={PARTITIONER}", "-l", messages],
                "krun produce": [*krun, produce],
                "kcat -C": [*kcat, "-C", "-t", by_kcat, "-o", "beginning", "-e"],
                "krun consume": [*krun, consume],
                "krun both": [*krun, both, "--report", f"json={report}"],
            }
            for name, arguments in run.items():
                samples[name].append(measure(arguments, folder))
            steps.append(step_seconds(report))
    medians = {name: Sample.median(list_) for name, list_ in samples.items()}
    rows = []
    for name, other in [
        ("kcat -P", None), ("krun produce", "kcat -P"), ("kcat -C", None), ("krun consume", "kcat -C"), ("krun both", None),
    ]:
        sample = medians[name]
        moved = 2 * count if name == "krun both" else count
        rows.append((
            name, f"{moved / sample.seconds:,.0f}", f"{sample.seconds:.2f}", f"{sample.cpu_seconds:.2f}",
            f"{sample.cpu_seconds / moved * 1e6:.2f}", f"{sample.peak_bytes / 1024 / 1024:.0f}",
            f"{medians[other].seconds / sample.seconds:.2f}" if other else "",
        ))
    for column, name in enumerate(("  its produce step", "  its consume step")):
        seconds = statistics.median(step[column] for step in steps)
        rows.append((name, f"{count / seconds:,.0f}", f"{seconds:.2f}", "", "", "", ""))
    table(rows, ("", "messages/s", "seconds", "CPU s", "CPU us/message", "peak MiB", "krun/kcat"))


def pipes(tools, folder, aims, title, rounds, bootstrap, count=1_000_000, partitions=24):
    """Messages through pipes: kcat and krun in turn, on one cluster a round."""
    print(f"\nthrough pipes, {title}: {count:,} messages of {len(VALUE)} bytes, {partitions} partitions, median of {rounds}")
    lines, records = folder / "lines", folder / "records"
    write_messages(lines, count)
    write_records(records, count)
    names = ["kcat -P -K:", "krun produce --input json", "  --quiet", "kcat -C -J", "krun consume --output json"]
    samples = {name: [] for name in names}
    for number in range(rounds):
        topics = [f"bench-pipe-{name}-{int(time.time())}-{os.getpid()}-{number}" for name in ("kcat", "krun", "quiet")]
        with Cluster(tools.cluster, partitions, topics, bootstrap) as cluster:
            kcat = [tools.kcat, "-b", cluster.bootstrap, "-q"]
            produce = [tools.krun, "produce", "--brokers", cluster.bootstrap, "--input", "json", "--repartition", "--topic"]
            consume = [tools.krun, "consume", "--brokers", cluster.bootstrap, "--topic", topics[0], "--no-group"]
            run = [
                ([*kcat, "-P", "-t", topics[0], "-K:", "-X", f"topic.partitioner={PARTITIONER}"], lines, 0),
                # A line for each message, and the totals.
                ([*produce, topics[1]], records, count + 1),
                ([*produce, topics[2], "--quiet"], records, 1),
                ([*kcat, "-C", "-t", topics[0], "-o", "beginning", "-e", "-J"], None, count),
                ([*consume, "--from", "earliest", "--exit-at-end", "--output", "json"], None, count),
            ]
            for name, (arguments, source, expected) in zip(names, run):
                sample, written = measure_pipe(arguments, folder, source)
                if written != expected:
                    raise Trouble(f"{name.strip()} wrote {written} lines, not {expected}")
                samples[name].append(sample)
    medians = {name: Sample.median(list_) for name, list_ in samples.items()}
    rows = []
    for name, sample in medians.items():
        other = {1: 0, 2: 0, 4: 3}.get(names.index(name))
        rows.append((
            name, f"{count / sample.seconds:,.0f}", f"{sample.seconds:.2f}", f"{sample.cpu_seconds:.2f}",
            f"{sample.peak_bytes / 1024 / 1024:.0f}",
            f"{medians[names[other]].seconds / sample.seconds:.2f}" if other is not None else "",
        ))
    table(rows, ("", "messages/s", "seconds", "CPU s", "peak MiB", "krun/kcat"))
    for name, other in ((names[1], names[0]), (names[4], names[3])):
        aims.at_least(f"{name} beside {other.rstrip(':')}", medians[other].seconds / medians[name].seconds, 0.5)


def peak_memory(tools, folder, aims, bootstrap):
    """Memory must not grow with the number of messages."""
    print(f"\npeak memory of krun, {KEYS:,} keys, 12 partitions, produce and consume:")
    peaks = {}
    for count in (50_000, 5_000_000):
        topic = f"bench-memory-{int(time.time())}-{os.getpid()}-{count}"
        steps = [produce_step(topic, count), consume_step(topic, count)]
        with Cluster(tools.cluster, 12, [topic], bootstrap) as cluster:
            scenario = write_scenario(folder / "memory.json", "memory", topic, 12, steps)
            peaks[count] = measure([tools.krun, *MAX_BYTES, "--brokers", cluster.bootstrap, "--exact-names", scenario], folder).peak_bytes
        print(f"  {count:>9,} messages  {peaks[count] / 1024 / 1024:.0f} MiB")
    aims.at_most("memory at 5 000 000 messages beside 50 000", peaks[5_000_000] / peaks[50_000], 1.2)


def load(tools, *arguments):
    """What the load client prints: seconds."""
    arguments = [str(argument) for argument in (tools.load, *arguments)]
    result = subprocess.run(arguments, capture_output=True, text=True, env=environment())
    if result.returncode != 0:
        raise Trouble(f"exit code {result.returncode} of: {' '.join(arguments)}\n{result.stderr[-4000:]}")
    return float(result.stdout.split()[0])


def broker_beside_mock(tools, aims, count, rounds, partitions=24):
    """The same client and load on krun's broker and on the mock cluster, in turn."""
    print(f"\nthe broker beside librdkafka's mock cluster: {count:,} messages of 100 bytes, {partitions} partitions, median of {rounds}")
    seconds = {name: [] for name in ("mock produce", "krun produce", "mock consume", "krun consume")}
    for number in range(rounds):
        topic = f"bench-load-{number}"

        def measure_on(name, bootstrap):
            seconds[f"{name} produce"].append(load(tools, "produce", bootstrap, topic, partitions, count, 100))
            seconds[f"{name} consume"].append(load(tools, "consume", bootstrap, topic, partitions, count))

        with Cluster(tools.cluster, partitions, [topic]) as mock:
            measure_on("mock", mock.bootstrap)
        with Broker(tools.krun) as broker, Cluster(tools.cluster, partitions, [topic], broker.bootstrap):
            measure_on("krun", broker.bootstrap)
    medians = {name: statistics.median(list_) for name, list_ in seconds.items()}
    rows = []
    for direction in ("produce", "consume"):
        mock, krun = medians[f"mock {direction}"], medians[f"krun {direction}"]
        rows.append((f"mock cluster, {direction}", f"{count / mock:,.0f}", ""))
        rows.append((f"krun's broker, {direction}", f"{count / krun:,.0f}", f"{mock / krun:.2f}"))
    table(rows, ("", "messages/s", "krun/mock"))
    for direction in ("produce", "consume"):
        aims.at_least(f"krun's broker beside the mock, {direction}", medians[f"mock {direction}"] / medians[f"krun {direction}"], 1.0)


def many_groups(tools, aims, groups=200, members=3):
    with Broker(tools.krun) as broker, Cluster(tools.cluster, members, ["bench-groups"], broker.bootstrap):
        seconds = load(tools, "groups", broker.bootstrap, "bench-groups", groups, members)
    print(f"\n{groups} groups of {members} members")
    aims.at_most("seconds until all were formed", seconds, 5)


def kept(tools, aims, count=10_000_000, partitions=12):
    """So many messages kept and read back, and the broker's memory at that."""
    sent = count * 100
    with Broker(tools.krun) as broker:
        with Cluster(tools.cluster, partitions, ["bench-kept"], broker.bootstrap):
            produced = load(tools, "produce", broker.bootstrap, "bench-kept", partitions, count, 100)
            consumed = load(tools, "consume", broker.bootstrap, "bench-kept", partitions, count)
    ratio = broker.peak_bytes / sent
    print(f"\n{count:,} messages of 100 bytes kept and read back: {count / produced:,.0f} and {count / consumed:,.0f} messages/s")
    print(f"  peak memory of the broker {broker.peak_bytes / 1024 / 1024:,.0f} MiB")
    aims.at_most("that beside the bytes sent", ratio, 1.3)


def first_scenario(tools, folder, aims, runs=11):
    seconds = statistics.median(measure([tools.krun, ROOT / "scenarios/basic.json"], folder).seconds for _ in range(runs))
    print(f"scenarios/basic.json on the embedded broker, median of {runs}")
    aims.at_most("ms from start to exit", seconds * 1000, 300, "{:.0f}")


def start_up(tools, aims, runs=20):
    """From the start of the process to the first byte of its help."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        process = subprocess.Popen([str(tools.krun), "--help"], stdout=subprocess.PIPE, env=environment())
        process.stdout.read(1)
        times.append(time.perf_counter() - start)
        process.communicate()
    print(f"\nkrun --help, median of {runs}")
    aims.at_most("ms to the first line", statistics.median(times) * 1000, 30, "{:.1f}")


def check(tools, folder, aims, count=1000):
    scenarios = folder / "check"
    scenarios.mkdir()
    sources = sorted((ROOT / "scenarios").glob("*.json"))
    for number in range(count):
        shutil.copyfile(sources[number % len(sources)], scenarios / f"{number:04}.json")
    seconds = statistics.median(measure([tools.krun, "check", scenarios], folder).seconds for _ in range(5))
    print(f"krun check of {count:,} files, median of 5")
    aims.at_most("ms", seconds * 1000, 1_000, "{:.0f}")


PARTS = ("start", "broker", "kcat", "reading")


class Tools:
    def __init__(self, krun, folder):
        self.krun = pathlib.Path(krun).resolve()
        if not self.krun.exists():
            raise Trouble(f"{self.krun} is not there: build it with make release")
        self.kcat = shutil.which("kcat") or shutil.which("kafkacat")
        if not self.kcat:
            raise Trouble("kcat is not installed (apt-get install kcat, brew install kcat)")
        named = os.environ.get("KRUN_RDKAFKA_PERFORMANCE")
        self.rdkafka_performance = named or shutil.which("rdkafka_performance")
        self.cluster = folder / "cluster"
        self.load = folder / "load"
        flags = subprocess.run(["pkg-config", "--cflags", "--libs", "rdkafka"], capture_output=True, text=True, check=True)
        compiler = shutil.which("cc") or shutil.which("clang") or shutil.which("gcc")
        if not compiler:
            raise Trouble("no C compiler is installed")
        for program in (self.cluster, self.load):
            source = HERE / f"{program.name}.c"
            subprocess.run([compiler, "-O2", "-o", program, source, *flags.stdout.split()], check=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--krun", default=ROOT / ".build/release/krun", help="the program to measure")
    parser.add_argument("--rounds", type=int, default=3, help="how often, for the median")
    parser.add_argument("--messages", type=int, default=500_000, help="on the embedded cluster")
    parser.add_argument("--only", choices=PARTS, action="append", help="measure this part alone; may be repeated")
    options = parser.parse_args()
    parts = options.only or PARTS
    with tempfile.TemporaryDirectory(prefix="krun-bench-") as name:
        folder = pathlib.Path(name)
        tools = Tools(options.krun, folder)
        aims = Aims()
        if "start" in parts:
            start_up(tools, aims)
            check(tools, folder, aims)
            first_scenario(tools, folder, aims)
        if "broker" in parts:
            broker_beside_mock(tools, aims, options.messages, options.rounds)
            many_groups(tools, aims)
            kept(tools, aims)
        if "kcat" in parts:
            with Broker(tools.krun) as broker:
                compare(tools, folder, "krun's broker", options.messages, 24, options.rounds, broker.bootstrap)
            with Broker(tools.krun) as broker:
                pipes(tools, folder, aims, "krun's broker", options.rounds, broker.bootstrap)
        if "reading" in parts:
            reading_by_size(tools, folder, aims, options.rounds)
        bootstrap = os.environ.get("KRUN_TEST_BROKERS")
        if bootstrap:
            if "kcat" in parts:
                compare(tools, folder, bootstrap, 2_000_000, 12, options.rounds, bootstrap)
                pipes(tools, folder, aims, bootstrap, options.rounds, bootstrap)
                peak_memory(tools, folder, aims, bootstrap)
            if "reading" in parts:
                reading_by_size(tools, folder, aims, options.rounds, bootstrap)
                beside_rdkafka_performance(tools, folder, aims, options.rounds, bootstrap)
        else:
            print("\nno KRUN_TEST_BROKERS: nothing was measured on a real broker")
    return 0 if aims.verdict() else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Trouble as trouble:
        print(f"bench: {trouble}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)

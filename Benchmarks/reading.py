"""What reading costs, by the number and size of messages and the number of partitions, and beside librdkafka's own program."""

import json
import os
import time

from measuring import MAX_BYTES, Broker, Cluster, Sample, consume_step, measure, produce_step, seconds_of, table, write_scenario

# Size of a value, partitions, and the numbers of messages; as much as a broker in memory can keep.
SIZES = [
    (10, 12, (10_000, 500_000, 10_000_000)),
    (10, 1, (10_000, 2_000_000)),
    (10, 100, (10_000, 2_000_000)),
    (10, 1_000, (10_000, 2_000_000)),
    (100, 12, (10_000, 500_000, 10_000_000)),
    (1_000, 12, (10_000, 1_000_000)),
    (10_000, 12, (10_000, 100_000)),
    (10_000, 1, (10_000, 100_000)),
    (10_000, 1_000, (10_000, 100_000)),
]
# What takes less is taken for that long: the first answer alone takes some of it.
LEAST_SECONDS = 0.02


class Reading:
    """Messages on a topic of their own, read by one group after the other."""

    def __init__(self, tools, folder, bootstrap, size, partitions, count):
        self.krun = [tools.krun, *MAX_BYTES, "--brokers", bootstrap, "--exact-names"]
        self.folder, self.partitions, self.count = folder, partitions, count
        self.topic = f"bench-read-{size}-{partitions}-{count}-{int(time.time())}-{os.getpid()}"
        self.groups = 0
        self.value = "x" * size
        self.cluster = Cluster(tools.cluster, partitions, [self.topic], bootstrap)

    def __enter__(self):
        self.cluster.__enter__()
        step = produce_step(self.topic, self.count)
        step["value"] = self.value
        measure([*self.krun, self.scenario([step])], self.folder)
        return self

    def __exit__(self, *exception):
        self.cluster.__exit__(*exception)

    def read(self, count=None):
        """Reads all, or so many; what the process cost, and the seconds in which messages came."""
        self.groups += 1
        step = consume_step(self.topic, self.count if count is None else count)
        step["group"] = f"{self.topic}-{self.groups}"
        if count is not None:
            step["until"] = {"messages": count}
        report = self.folder / "report.json"
        sample = measure([*self.krun, self.scenario([step]), "--report", f"json={report}"], self.folder)
        outcome = json.loads(report.read_text(encoding="utf-8"))["scenarios"][0]["steps"][0]["outcome"]
        return sample, seconds_of(outcome["receiveDuration"])

    def scenario(self, steps):
        return write_scenario(self.folder / "reading.json", "reading", self.topic, self.partitions, steps)


def reading_by_size(tools, folder, aims, rounds, bootstrap=None):
    """Reading more costs no more for each message, and no more memory."""
    where = bootstrap or "krun's broker"
    print(f"\nreading on {where}: the best of {rounds}, by size of a value, partitions and messages")
    rows, ratios, memory = [], {}, 0
    for size, partitions, counts in SIZES:
        least = None
        for count in counts:
            cost, added = measured(tools, folder, rounds, bootstrap, size, partitions, count)
            memory = max(memory, added)
            ratio = cost / least if least else None
            least = min(cost, least or cost)
            rows.append((
                f"{size:,}", f"{partitions:,}", f"{count:,}", f"{cost * 1e9:,.0f}", f"{ratio:.2f}" if ratio else "", f"{added / 2**20:.0f}"
            ))
            if ratio:
                name = f"{size:,} bytes, {partitions:,} partitions"
                ratios[name] = max(ratio, ratios.get(name, 0))
    table(rows, ("bytes", "partitions", "messages", "ns/message", "ratio", "MiB on top"))
    for name, ratio in ratios.items():
        aims.at_most(f"reading more beside less, {name}", ratio, 1.1)
    aims.at_most("MiB that reading takes on top", memory / 2**20, 64, "{:.0f}")


def measured(tools, folder, rounds, bootstrap, size, partitions, count):
    """Seconds for each message, and the memory that reading takes beside reading one message."""
    if bootstrap is None:
        with Broker(tools.krun) as broker:
            return measured(tools, folder, rounds, broker.bootstrap, size, partitions, count)
    with Reading(tools, folder, bootstrap, size, partitions, count) as reading:
        start, _ = reading.read(1)
        samples = [reading.read() for _ in range(rounds)]
    seconds = min(seconds for _, seconds in samples)
    added = max(sample.peak_bytes for sample, _ in samples) - start.peak_bytes
    return max(seconds, LEAST_SECONDS) / count, max(0, added)


def beside_rdkafka_performance(tools, folder, aims, rounds, bootstrap, count=2_000_000, partitions=12):
    """A group of one that reads, and a producer, whole processes in turn."""
    program = tools.rdkafka_performance
    if not program:
        print("\nno rdkafka_performance (KRUN_RDKAFKA_PERFORMANCE): nothing was measured beside it")
        return
    print(f"\nbeside rdkafka_performance on {bootstrap}: {count:,} messages of 100 bytes, {partitions} partitions, median of {rounds}")
    with Reading(tools, folder, bootstrap, 100, partitions, count) as reading:
        theirs = [program, "-b", bootstrap, "-t", reading.topic, "-q"]
        samples = {"rdkafka_performance -G": [], "krun consumes": [], "rdkafka_performance -P": [], "krun produces": []}
        for number in range(rounds):
            group = f"{reading.topic}-perf-{number}"
            samples["rdkafka_performance -G"].append(
                measure([*theirs, "-G", group, "-c", count, "-X", "auto.offset.reset=earliest"], folder)
            )
            samples["krun consumes"].append(reading.read()[0])
    with Reading(tools, folder, bootstrap, 100, partitions, 1) as writing:
        theirs = [program, "-b", bootstrap, "-t", writing.topic, "-q"]
        step = produce_step(writing.topic, count)
        for number in range(rounds):
            samples["rdkafka_performance -P"].append(measure([*theirs, "-P", "-s", 100, "-a", "-1", "-c", count], folder))
            samples["krun produces"].append(measure([*writing.krun, writing.scenario([step])], folder))
    medians = {name: Sample.median(list_) for name, list_ in samples.items()}
    table(
        [
            (name, f"{count / sample.seconds:,.0f}", f"{sample.seconds:.2f}", f"{sample.cpu_seconds / count * 1e6:.2f}",
             f"{sample.peak_bytes / 2**20:.0f}")
            for name, sample in medians.items()
        ],
        ("", "messages/s", "seconds", "CPU us/message", "peak MiB"),
    )
    aims.at_least(
        "reading as a group beside rdkafka_performance", medians["rdkafka_performance -G"].seconds / medians["krun consumes"].seconds, 0.9
    )
    # 0.7 us a message where theirs takes 0.5.
    aims.at_most(
        "CPU of producing beside rdkafka_performance",
        medians["krun produces"].cpu_seconds / medians["rdkafka_performance -P"].cpu_seconds, 1.4,
    )

"""kcat, as Debian has it, with the system's librdkafka: the oldest of the clients here."""

import json
import shutil
import signal
import subprocess

from support import CODECS, HEARTBEAT_MS, PATIENCE, SESSION_TIMEOUT_MS, Failure, Skipped, Suite, assigned_once, equal, holds, until

suite = Suite("kcat")
# Everything of a message, one message a line.
FORMAT = '%p %o %k|%K|%s|%S|%h|%T\\n'


def program():
    found = shutil.which("kcat") or shutil.which("kafkacat")
    if not found:
        raise Skipped("kcat is not installed")
    return found


def command(session, *arguments, brokers=None):
    return [program(), "-q", "-b", brokers or session.brokers, *[str(argument) for argument in arguments]]


def kcat(session, *arguments, lines=None, fails=False, brokers=None):
    """What it printed; with `fails` what it complained of."""
    ended = subprocess.run(
        command(session, *arguments, brokers=brokers), input=None if lines is None else "".join(f"{line}\n" for line in lines),
        stdin=subprocess.DEVNULL if lines is None else None, capture_output=True, text=True, timeout=PATIENCE,
    )
    if (ended.returncode != 0) != fails:
        raise Failure(f"kcat {' '.join(map(str, arguments))}: exit code {ended.returncode}: {ended.stderr.strip()}")
    return ended.stderr if fails else ended.stdout.splitlines()


def produce(session, topic, lines, *arguments):
    kcat(session, "-P", "-t", topic, *arguments, lines=lines)


def consume(session, topic, *arguments):
    """From the beginning to the end, unless the arguments say otherwise."""
    return kcat(session, "-C", "-e", "-t", topic, *(arguments if "-o" in arguments else ("-o", "beginning", *arguments)))


@suite.case("metadata")
def metadata(session):
    topic = session.topic(3)
    found = json.loads("".join(kcat(session, "-L", "-J", "-t", topic)))
    equal(sorted(broker["id"] for broker in found["brokers"]), session.broker_ids)
    holds(found["controllerid"] in session.broker_ids, "the controller is no broker")
    about = found["topics"][0]
    equal((about["topic"], sorted(p["partition"] for p in about["partitions"])), (topic, [0, 1, 2]))
    for partition in about["partitions"]:
        equal(partition["replicas"], partition["isrs"], "replicas and those in sync")
        equal(partition["replicas"][0]["id"], partition["leader"], "the first replica and the leader")


@suite.case("metadata of all topics")
def all_metadata(session):
    topics = {session.topic(), session.topic(2)}
    found = json.loads("".join(kcat(session, "-L", "-J")))
    equal({about["topic"] for about in found["topics"]} & topics, topics)


@suite.case("what is produced is what is consumed, codec", each=CODECS)
def round_trip(session, codec):
    topic = session.topic(2)
    sent = ["k1:plain", "k2:", "schlüssel:wärt ☃", "long:" + "0123456789" * 1000]
    produce(session, topic, sent, "-K:", "-z", codec, "-p", 1, "-H", "a=1", "-H", "b=", "-X", "linger.ms=20")
    found = consume(session, topic, "-f", FORMAT)
    for offset, (line, message) in enumerate(zip(found, sent)):
        key, value = message.split(":")
        head, key_size, got, size, headers, timestamp = line.split("|")
        equal(head, f"1 {offset} {key}")
        equal((int(key_size), got, int(size)), (len(key.encode()), value, len(value.encode())))
        equal(headers, "a=1,b=")
        holds(int(timestamp) > 1_600_000_000_000, f"timestamp {timestamp}")
    equal(len(found), len(sent))


@suite.case("null keys and tombstones")
def nulls(session):
    topic = session.topic()
    produce(session, topic, ["gone:"], "-K:", "-Z")
    produce(session, topic, ["no key"])
    equal(consume(session, topic, "-f", "%K %S\\n"), ["4 -1", "-1 6"])


@suite.case("ten thousand messages, acks", each=["0", "1", "all"])
def many(session, acks):
    topic = session.topic(3)
    sent = [f"{n % 100}:{n:05}" for n in range(10_000)]
    produce(session, topic, sent, "-K:", "-X", f"acks={acks}")
    found = [line.split() for line in consume(session, topic, "-f", "%p %o %k:%s\\n")]
    equal(sorted(message for _, _, message in found), sorted(sent))
    for partition in range(3):
        there = [(int(offset), message.split(":")[1]) for where, offset, message in found if where == str(partition)]
        equal([offset for offset, _ in there], list(range(len(there))), f"offsets of {partition}")
        equal(there, sorted(there, key=lambda pair: pair[1]), f"order in {partition}")


@suite.case("an idempotent producer")
def idempotent(session):
    topic = session.topic()
    sent = [f"{n:05}" for n in range(2000)]
    produce(session, topic, sent, "-X", "enable.idempotence=true", "-X", "batch.num.messages=50")
    equal(consume(session, topic), sent)


@suite.case("a transaction")
def transaction(session):
    topic = session.topic()
    produce(session, topic, ["1", "2"], "-X", f"transactional.id={session.name('writer')}")
    def committed():
        return consume(session, topic, "-X", "isolation.level=read_committed")
    until("the marker", committed)
    equal(committed(), ["1", "2"])


@suite.case("start at the end, at an offset, before the end, at a time")
def starts(session):
    topic = session.topic()
    produce(session, topic, [str(n) for n in range(10)])
    equal(consume(session, topic, "-o", "7"), ["7", "8", "9"])
    equal(consume(session, topic, "-o", "-2"), ["8", "9"])
    equal(consume(session, topic, "-o", "end"), [])
    equal(consume(session, topic, "-o", "s@0"), [str(n) for n in range(10)])
    equal(consume(session, topic, "-o", "s@0", "-o", "e@1"), [])
    equal(consume(session, topic, "-o", "beginning", "-c", "3"), ["0", "1", "2"])


@suite.case("query offsets")
def query(session):
    topic = session.topic(2)
    produce(session, topic, ["a", "b"], "-p", 1)
    for stamp, expected in ((-1, 2), (-2, 0), (1, 0), (99_999_999_999_999, -1)):
        equal(kcat(session, "-Q", "-t", f"{topic}:1:{stamp}"), [f"{topic} [1] offset {expected}"], str(stamp))
    equal(kcat(session, "-Q", "-t", f"{topic}:0:-1", "-t", f"{topic}:1:-1"), [f"{topic} [0] offset 0", f"{topic} [1] offset 2"])


@suite.case("a message too big is refused")
def too_big(session):
    topic = session.topic(max_message_bytes=1000)
    kcat(session, "-P", "-t", topic, lines=["x" * 2000], fails=True)
    equal(consume(session, topic), [])


@suite.case("a topic that does not exist")
def unknown_topic(session):
    complaint = kcat(session, "-C", "-e", "-t", session.topic_name("absent"), "-X", "allow.auto.create.topics=false", fails=True)
    holds("Unknown topic or partition" in complaint, complaint)


GROUP = [
    "-X", f"session.timeout.ms={SESSION_TIMEOUT_MS}", "-X", f"heartbeat.interval.ms={HEARTBEAT_MS}", "-X", "auto.offset.reset=earliest",
    "-X", "fetch.wait.max.ms=100", "-X", "topic.metadata.refresh.interval.ms=500",
]


@suite.case("a group reads everything, and the next member goes on where it stopped")
def group(session):
    topic, name = session.topic(3), session.group()
    sent = [f"{n}" for n in range(30)]
    produce(session, topic, sent)
    equal(sorted(kcat(session, *GROUP, "-c", 30, "-G", name, topic)), sorted(sent))
    produce(session, topic, ["next"])
    equal(kcat(session, *GROUP, "-c", 1, "-G", name, topic), ["next"])


@suite.case("a group of two, three, two, one members", each=["range", "roundrobin", "cooperative-sticky"])
def grow_and_shrink(session, strategy):
    topic, name = session.topic(6), session.group()
    members = []
    def join():
        arguments = command(session, *GROUP, "-X", f"partition.assignment.strategy={strategy}", "-G", name, topic)
        process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        session.closing.callback(leave, process)
        members.append(process)
    def leave(process):
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)
    def settled():
        """As the coordinator sees it."""
        about = session.admin.describe_consumer_groups([name], request_timeout=PATIENCE)[name].result(PATIENCE)
        owned = [[p.partition for p in member.assignment.topic_partitions] for member in about.members]
        return len(owned) == len(members) and assigned_once(owned, 6) and len({len(share) for share in owned}) == 1
    join()
    join()
    until("two members", settled)
    join()
    until("three members", settled)
    leave(members.pop())
    until("two members", settled)
    leave(members.pop(0))
    until("one member", settled)


@suite.case("SASL/PLAIN: the right password, a wrong one")
def sasl(session):
    session.needs_sasl()
    def ask(password, **more):
        return kcat(
            session, "-L", "-J", "-m", 3, "-X", "security.protocol=SASL_PLAINTEXT", "-X", "sasl.mechanism=PLAIN", "-X",
            f"sasl.username={session.user}", "-X", f"sasl.password={password}", brokers=session.sasl_brokers, **more,
        )
    equal(sorted(broker["id"] for broker in json.loads("".join(ask(session.password)))["brokers"]), session.broker_ids)
    ask("not " + session.password, fails=True)

"""confluent-kafka: transactions."""

import contextlib
import time

import confluent_kafka
from confluent_kafka import KafkaError, KafkaException, TopicPartition

from confluent_client import assigned, code_of, consumer, produce, produce_values, producer, read, read_to_end, suite, values
from support import PATIENCE, Deadline, equal, holds, raises, until, until_equal


def writer(session, name=None, **config):
    made = producer(session, transactional_id=name or session.name("writer"), **config)
    made.init_transactions(PATIENCE)
    return made


def equal_committed(session, topic, expected, partitions=(0,)):
    """What read_committed gives in the end; the answer to a commit does not wait for the markers, so some may be late."""
    deadline = Deadline(what=f"{expected} committed")
    while (found := values(read_to_end(session, topic, partitions, isolation_level="read_committed"))) != expected:
        early = set(found) - set(expected)
        holds(not early, f"messages that are not committed: {early}")
        deadline.check(found)


def uncommitted(session, topic, partitions=(0,)):
    return values(read_to_end(session, topic, partitions, isolation_level="read_uncommitted"))


def send(client, topic, *contents, partition=0):
    reports = produce(client, topic, [{"value": value, "partition": partition} for value in contents])
    equal([error for error, _, _ in reports], [None] * len(contents), "errors of the deliveries")
    return [offset for _, _, offset in reports]


@suite.case("a transaction that is committed")
def commit(session):
    topic, client = session.topic(2), writer(session)
    for number in range(3):
        client.begin_transaction()
        # The marker of a transaction takes an offset of its own.
        equal(send(client, topic, b"%d" % number), [2 * number])
        send(client, topic, b"other", partition=1)
        client.commit_transaction(PATIENCE)
    equal_committed(session, topic, [b"0", b"1", b"2"] + [b"other"] * 3, [0, 1])
    reader = assigned(session, topic)
    until_equal("the watermarks", lambda: reader.get_watermark_offsets(TopicPartition(topic, 0), PATIENCE), (0, 6))


@suite.case("a transaction that is aborted is seen by read_uncommitted only")
def abort(session):
    topic, client = session.topic(), writer(session)
    client.begin_transaction()
    send(client, topic, b"aborted 1", b"aborted 2")
    client.abort_transaction(PATIENCE)
    client.begin_transaction()
    send(client, topic, b"kept")
    client.commit_transaction(PATIENCE)
    equal_committed(session, topic, [b"kept"])
    equal(uncommitted(session, topic), [b"aborted 1", b"aborted 2", b"kept"])


@suite.case("read_committed waits at an open transaction")
def last_stable_offset(session):
    topic, client = session.topic(), writer(session)
    produce_values(session, topic, [b"before"])
    client.begin_transaction()
    send(client, topic, b"open")
    produce_values(session, topic, [b"after"])
    equal_committed(session, topic, [b"before"])
    equal(uncommitted(session, topic), [b"before", b"open", b"after"])
    reader = assigned(session, topic, isolation_level="read_committed")
    equal(values(read(reader, 1)), [b"before"])
    equal(reader.poll(0.3), None)
    client.commit_transaction(PATIENCE)
    equal(values(read(reader, 2)), [b"open", b"after"])


@suite.case("transactions of two producers in one partition, one aborts", each=["none", "zstd"])
def interleaved(session, codec):
    topic = session.topic()
    first, second = (writer(session, compression_type=codec) for _ in range(2))
    for number in range(5):
        first.begin_transaction()
        second.begin_transaction()
        send(first, topic, b"1-%d-a" % number)
        send(second, topic, b"2-%d-a" % number)
        send(first, topic, b"1-%d-b" % number)
        first.commit_transaction(PATIENCE) if number % 2 == 0 else first.abort_transaction(PATIENCE)
        send(second, topic, b"2-%d-b" % number)
        second.abort_transaction(PATIENCE) if number % 2 == 0 else second.commit_transaction(PATIENCE)
    expected = []
    for number in range(5):
        who = b"1" if number % 2 == 0 else b"2"
        expected += [b"%s-%d-%s" % (who, number, part) for part in (b"a", b"b")]
    equal_committed(session, topic, expected)
    equal(len(uncommitted(session, topic)), 20)


@suite.case("a transaction over partitions of all brokers")
def many_partitions(session):
    topic, client = session.topic(12), writer(session)
    for keep in (True, False):
        client.begin_transaction()
        for partition in range(12):
            send(client, topic, b"kept" if keep else b"aborted", partition=partition)
        client.commit_transaction(PATIENCE) if keep else client.abort_transaction(PATIENCE)
    equal_committed(session, topic, [b"kept"] * 12, range(12))


@suite.case("an empty transaction")
def empty(session):
    client = writer(session)
    for end in (client.commit_transaction, client.abort_transaction):
        client.begin_transaction()
        end(PATIENCE)


@suite.case("offsets in a transaction", each=["commit", "abort"])
def offsets(session, end):
    source, target, group = session.topic(), session.topic(), session.group()
    produce_values(session, source, [b"1", b"2", b"3"])
    reader = consumer(session, group=group, isolation_level="read_committed")
    reader.subscribe([source])
    found = read(reader, 3)
    client = writer(session)
    client.begin_transaction()
    send(client, target, *[b"done " + value for value in values(found)])
    client.send_offsets_to_transaction(reader.position(reader.assignment()), reader.consumer_group_metadata(), PATIENCE)
    def seen():
        return reader.committed([TopicPartition(source, 0)], PATIENCE)[0].offset
    if end == "abort":
        client.abort_transaction(PATIENCE)
        equal(seen(), confluent_kafka.OFFSET_INVALID)
        equal_committed(session, target, [])
    else:
        client.commit_transaction(PATIENCE)
        equal(seen(), 3)
        equal_committed(session, target, [b"done 1", b"done 2", b"done 3"])


@suite.case("offsets of a transaction that is open are not stable")
def unstable_offsets(session):
    source, group = session.topic(), session.group()
    reader = consumer(session, group=group)
    client = writer(session)
    client.begin_transaction()
    client.send_offsets_to_transaction([TopicPartition(source, 0, 5)], reader.consumer_group_metadata(), PATIENCE)
    # The client asks for stable offsets and repeats the question until there are some.
    with raises(KafkaError._TIMED_OUT, code=code_of):
        reader.committed([TopicPartition(source, 0)], 0.5)
    client.commit_transaction(PATIENCE)
    equal(reader.committed([TopicPartition(source, 0)], PATIENCE)[0].offset, 5)


@suite.case("offsets by a member that is no longer in the group are refused")
def stale_member(session):
    source, group = session.topic(), session.group()
    reader = consumer(session, group=group)
    reader.subscribe([source])
    until("the assignment", lambda: (reader.poll(0.1), reader.assignment())[1])
    stale = reader.consumer_group_metadata()
    reader.close()
    client = writer(session)
    client.begin_transaction()
    with raises(KafkaException):
        client.send_offsets_to_transaction([TopicPartition(source, 0, 5)], stale, PATIENCE)
    client.abort_transaction(PATIENCE)


@suite.case("consume, transform, produce: each message once although a transaction is aborted")
def exactly_once(session):
    source, target, group = session.topic(), session.topic(), session.group()
    produce_values(session, source, [b"%d" % n for n in range(20)])
    client = writer(session)
    for attempt in range(3):
        reader = consumer(session, group=group, isolation_level="read_committed", max_poll_interval_ms=60_000)
        reader.subscribe([source])
        rest = 20 if attempt < 2 else 10
        found = read(reader, rest)[:10]
        client.begin_transaction()
        send(client, target, *values(found))
        done = [TopicPartition(source, 0, found[-1].offset() + 1)]
        client.send_offsets_to_transaction(done, reader.consumer_group_metadata(), PATIENCE)
        client.abort_transaction(PATIENCE) if attempt == 0 else client.commit_transaction(PATIENCE)
        reader.close()
    equal_committed(session, target, [b"%d" % n for n in range(20)])


@suite.case("a second producer of the same id fences the first", each=["produce", "commit", "abort", "between transactions"])
def fencing(session, moment):
    topic, name = session.topic(), session.name("writer")
    zombie = writer(session, name)
    zombie.begin_transaction()
    send(zombie, topic, b"by the zombie")
    if moment == "between transactions":
        zombie.commit_transaction(PATIENCE)
    heir = writer(session, name)
    heir.begin_transaction()
    send(heir, topic, b"by the heir")
    heir.commit_transaction(PATIENCE)
    if moment in ("produce", "between transactions"):
        if moment == "between transactions":
            zombie.begin_transaction()
        # The binding raises the fatal error in whatever is called when it arrives, a delivery report for instance.
        with contextlib.suppress(SystemError, KafkaException):
            produce(zombie, topic, [{"value": b"late"}])
    with raises(KafkaError._FENCED, code=code_of):
        zombie.abort_transaction(PATIENCE) if moment == "abort" else zombie.commit_transaction(PATIENCE)
    equal(uncommitted(session, topic), [b"by the zombie", b"by the heir"])
    equal_committed(session, topic, [b"by the zombie", b"by the heir"] if moment == "between transactions" else [b"by the heir"])


@suite.case("a producer that vanished: its successor aborts what it left open")
def abandoned(session):
    topic, name = session.topic(), session.name("writer")
    client = writer(session, name)
    client.begin_transaction()
    send(client, topic, b"abandoned")
    heir = writer(session, name)
    produce_values(session, topic, [b"after"])
    equal_committed(session, topic, [b"after"])
    heir.begin_transaction()
    send(heir, topic, b"by the heir")
    heir.commit_transaction(PATIENCE)
    equal_committed(session, topic, [b"after", b"by the heir"])


@suite.case("a transaction that takes too long is aborted")
def timeout(session):
    topic = session.topic()
    client = writer(session, transaction_timeout_ms=1000, message_timeout_ms=1000)
    client.begin_transaction()
    send(client, topic, b"slow")
    produce_values(session, topic, [b"after"])
    reader = assigned(session, topic, isolation_level="read_committed")
    start = time.monotonic()
    # Kafka looks for such transactions every 10 s.
    equal(values(read(reader, 1)), [b"after"])
    holds(time.monotonic() - start > 0.5, "it was aborted before its time")
    with raises(KafkaError._FENCED, code=code_of):
        client.commit_transaction(PATIENCE)
    equal(uncommitted(session, topic), [b"slow", b"after"])


@suite.case("a transaction timeout that is too great is refused")
def timeout_too_great(session):
    client = producer(session, transactional_id=session.name("writer"), transaction_timeout_ms=900_001)
    with raises(KafkaError.INVALID_TRANSACTION_TIMEOUT, code=code_of):
        client.init_transactions(PATIENCE)


@suite.case("the same producer, a hundred transactions")
def hundred(session):
    topic, client = session.topic(3), writer(session)
    expected = []
    for number in range(100):
        client.begin_transaction()
        client.produce(topic, b"%03d" % number, partition=number % 3)
        if number % 5 == 4:
            client.flush(PATIENCE)
            client.abort_transaction(PATIENCE)
        else:
            client.commit_transaction(PATIENCE)
            expected.append(b"%03d" % number)
    expected.sort(key=lambda value: int(value) % 3)  # As read_to_end gives them: partition by partition.
    equal_committed(session, topic, expected, range(3))

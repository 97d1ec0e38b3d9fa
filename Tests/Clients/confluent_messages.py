"""confluent-kafka: producing and consuming."""

import time

import confluent_kafka
from confluent_kafka import KafkaError, TopicPartition
from confluent_kafka.admin import ConfigResource, ResourceType

from confluent_client import assigned, consumer, produce, produce_values, producer, read, read_to_end, result, suite, values
from support import CODECS, PATIENCE, Deadline, equal, holds, until

# The binding has no name for librdkafka's RD_KAFKA_OFFSET_TAIL(2).
TWO_BEFORE_THE_END = -2002
MESSAGES = [
    {"key": b"k1", "value": b"plain"},
    {"key": None, "value": b"no key"},
    {"key": b"", "value": b"empty key"},
    {"key": b"gone", "value": None},
    {"key": b"k2", "value": b""},
    {"key": "schlüssel".encode(), "value": "wärt ☃".encode()},
    {"key": b"h", "value": b"headers", "headers": [("a", b"1"), ("a", b"2"), ("empty", b""), ("null", None), ("ü", b"\x00\xff")]},
    {"key": b"t", "value": b"old", "timestamp": 1},
    {"key": b"long", "value": b"0123456789" * 1000},
]


def shape(message):
    return {
        "key": message.key(), "value": message.value(), "headers": message.headers(),
        "timestamp": message.timestamp()[1] if message.timestamp()[1] == 1 else None,
    }


def expected_shapes():
    return [{"headers": None, "timestamp": None, **message} for message in MESSAGES]


@suite.case("what is produced is what is consumed, codec", each=CODECS)
def round_trip(session, codec):
    name = session.topic(2)
    client = producer(session, compression_type=codec, linger_ms=50)
    reports = produce(client, name, MESSAGES, partition=1)
    equal(reports, [(None, 1, offset) for offset in range(len(MESSAGES))], "reports")
    found = read_to_end(session, name, [0, 1])
    equal([shape(message) for message in found], expected_shapes())
    equal([(m.partition(), m.offset()) for m in found], [(1, offset) for offset in range(len(MESSAGES))])


@suite.case("the same by a group, codec", each=CODECS)
def round_trip_by_group(session, codec):
    name = session.topic(3)
    client = producer(session, compression_type=codec, linger_ms=20)
    for partition in range(3):
        produce(client, name, MESSAGES, partition=partition, flush=False)
    client.flush(PATIENCE)
    reader = consumer(session)
    reader.subscribe([name])
    found = sorted(read(reader, 3 * len(MESSAGES)), key=lambda m: (m.partition(), m.offset()))
    equal([shape(message) for message in found], 3 * expected_shapes())


@suite.case("ten thousand messages in order, acks", each=["0", "1", "all"])
def many(session, acks):
    name = session.topic(3)
    client = producer(session, acks=acks, linger_ms=5, compression_type="lz4")
    sent = [{"key": b"%d" % (n % 100), "value": b"%06d" % n} for n in range(10_000)]
    reports = produce(client, name, sent)
    equal([error for error, _, _ in reports if error], [], "errors")
    found = read_to_end(session, name, range(3))
    equal(sorted(values(found)), [message["value"] for message in sent])
    for partition in range(3):
        there = [m for m in found if m.partition() == partition]
        equal([m.offset() for m in there], list(range(len(there))), f"offsets of {partition}")
        equal(values(there), sorted(values(there)), f"order in {partition}")


@suite.case("an idempotent producer")
def idempotent(session):
    name = session.topic()
    client = producer(session, enable_idempotence=True, linger_ms=1, batch_num_messages=10)
    sent = [b"%06d" % n for n in range(5000)]
    equal(produce(client, name, [{"value": value} for value in sent]), [(None, 0, n) for n in range(5000)])
    equal(values(read_to_end(session, name)), sent)


@suite.case("a message as big as the topic allows, and one too big")
def big(session):
    name = session.topic(max_message_bytes=10_000)
    client = producer(session, message_max_bytes=10_000_000)
    equal(produce(client, name, [{"value": b"x" * 9_900}]), [(None, 0, 0)])
    equal(produce(client, name, [{"value": b"x" * 10_100}]), [(KafkaError.MSG_SIZE_TOO_LARGE, 0, None)])
    equal([len(m.value()) for m in read_to_end(session, name)], [9_900])


@suite.case("a megabyte, as much as Kafka takes by default, and more if it is compressed")
def megabyte(session):
    name = session.topic()
    plain = producer(session, message_max_bytes=10_000_000)
    equal(produce(plain, name, [{"value": b"x" * 1_048_000}]), [(None, 0, 0)])
    equal(produce(plain, name, [{"value": b"x" * 1_049_000}])[0][0], KafkaError.MSG_SIZE_TOO_LARGE)
    packed = producer(session, message_max_bytes=10_000_000, compression_type="gzip")
    equal(produce(packed, name, [{"value": b"x" * 3_000_000}]), [(None, 0, 1)])
    equal([len(m.value()) for m in read_to_end(session, name)], [1_048_000, 3_000_000])


@suite.case("a batch bigger than the consumer's limits is delivered all the same")
def small_fetches(session):
    name = session.topic(2)
    sent = [b"%d" % n * 5_000 for n in range(10)]
    for partition in range(2):
        produce(producer(session), name, [{"value": value, "partition": partition} for value in sent])
    reader = {"max_partition_fetch_bytes": 1000, "fetch_max_bytes": 1000, "message_max_bytes": 1000}
    equal(values(read_to_end(session, name, [0, 1], **reader)), sent + sent)


@suite.case("timestamps of the producer are kept")
def create_time(session):
    name = session.topic()
    stamps = [1, 1_000_000_000_000, int(time.time() * 1000)]
    produce(producer(session, linger_ms=20), name, [{"value": b"v", "timestamp": stamp} for stamp in stamps])
    equal([m.timestamp() for m in read_to_end(session, name)], [(confluent_kafka.TIMESTAMP_CREATE_TIME, s) for s in stamps])


@suite.case("log append time: the broker's clock replaces the producer's")
def append_time(session):
    name = session.topic(message_timestamp_type="LogAppendTime")
    before = int(time.time() * 1000)
    for codec in ("none", "gzip"):
        produce(producer(session, compression_type=codec), name, [{"value": b"v", "timestamp": 1}, {"value": b"w", "timestamp": 2}])
    after = int(time.time() * 1000)
    found = [m.timestamp() for m in read_to_end(session, name)]
    equal([kind for kind, _ in found], [confluent_kafka.TIMESTAMP_LOG_APPEND_TIME] * 4)
    holds(all(before - 50 <= stamp <= after + 50 for _, stamp in found), f"{found} not between {before} and {after}")
    reader = assigned(session, name)
    first = found[0][1]
    equal(reader.offsets_for_times([TopicPartition(name, 0, first)], PATIENCE)[0].offset, 0, "offset of the first append")


@suite.case("a timestamp too far in the future is refused")
def future(session):
    name = session.topic(message_timestamp_after_max_ms=60_000)
    now = int(time.time() * 1000)
    client = producer(session, retries=0)
    equal(produce(client, name, [{"value": b"v", "timestamp": now + 3_600_000}])[0][0], KafkaError.INVALID_TIMESTAMP)
    equal(produce(client, name, [{"value": b"v", "timestamp": now}]), [(None, 0, 0)])


@suite.case("a key decides the partition, and three brokers take their share")
def spread(session):
    session.needs_brokers(3)
    name = session.topic(6, replication=3)
    reports = produce(producer(session, acks="all"), name, [{"key": b"key-%d" % n, "value": b"v"} for n in range(60)])
    equal([error for error, _, _ in reports if error], [], "errors")
    found = read_to_end(session, name, range(6))
    equal(len(found), 60)
    equal(len({m.partition() for m in found}), 6, "partitions with messages")


@suite.case("a topic that does not exist")
def unknown_topic(session):
    name = session.topic_name("absent")
    broker = ConfigResource(ResourceType.BROKER, str(session.broker_ids[0]))
    made = result(session.admin.describe_configs([broker], request_timeout=PATIENCE)).get("auto.create.topics.enable")
    reader = consumer(session)
    reader.subscribe([name])
    deadline = Deadline(what="the error")
    while (message := reader.poll(0.1)) is None:
        deadline.check()
    equal(message.error().code(), KafkaError.UNKNOWN_TOPIC_OR_PART)
    if made is not None and made.value == "false":
        client = producer(session, message_timeout_ms=5000, topic_metadata_propagation_max_ms=100)
        equal(produce(client, name, [{"value": b"v"}])[0][0], KafkaError.UNKNOWN_TOPIC_OR_PART)


@suite.case("a consumer that waits gets a message as soon as it is there")
def long_poll(session):
    name = session.topic()
    reader = assigned(session, name, fetch_wait_max_ms=20_000, socket_timeout_ms=60_000)
    equal(reader.poll(0.3), None)
    produce_values(session, name, [b"now"])
    start = time.monotonic()
    equal(values(read(reader, 1)), [b"now"])
    holds(time.monotonic() - start < 5, "it came with the end of the long poll")


@suite.case("a consumer that wants many bytes waits for them, but not for ever")
def least_bytes(session):
    name = session.topic()
    reader = assigned(session, name, fetch_min_bytes=10_000, fetch_wait_max_ms=700)
    equal(reader.poll(0.2), None)
    produce_values(session, name, [b"small"])
    equal(values(read(reader, 1)), [b"small"])


@suite.case("watermarks, position, seek")
def positions(session):
    name = session.topic()
    partition = TopicPartition(name, 0)
    produce_values(session, name, [b"%d" % n for n in range(10)])
    reader = assigned(session, name)
    equal(reader.get_watermark_offsets(partition, PATIENCE), (0, 10))
    equal(values(read(reader, 3)), [b"0", b"1", b"2"])
    equal(reader.position([partition])[0].offset, 3)
    reader.seek(TopicPartition(name, 0, 8))
    equal(values(read(reader, 2)), [b"8", b"9"])
    reader.seek(TopicPartition(name, 0, confluent_kafka.OFFSET_BEGINNING))
    equal(values(read(reader, 1)), [b"0"])


@suite.case("start at the end, at an offset, and so many before the end")
def starts(session):
    name = session.topic()
    produce_values(session, name, [b"%d" % n for n in range(10)])
    equal(values(read_to_end(session, name, offset=7)), [b"7", b"8", b"9"])
    equal(values(read_to_end(session, name, offset=TWO_BEFORE_THE_END)), [b"8", b"9"])
    equal(values(read_to_end(session, name, offset=confluent_kafka.OFFSET_END)), [])


@suite.case("offsets for times")
def offsets_for_times(session):
    name = session.topic(2)
    client = producer(session)
    for stamp in (100, 200, 300):
        produce(client, name, [{"value": b"v", "timestamp": stamp, "partition": 0}])
    reader = assigned(session, name)
    def offset(stamp, partition=0):
        return reader.offsets_for_times([TopicPartition(name, partition, stamp)], PATIENCE)[0].offset
    equal([offset(stamp) for stamp in (0, 100, 101, 300, 301)], [0, 0, 1, 2, confluent_kafka.OFFSET_END])
    equal(offset(0, partition=1), confluent_kafka.OFFSET_END)


@suite.case("an offset out of range: reset to the earliest", each=["beyond the end", "deleted"])
def out_of_range(session, where):
    name = session.topic()
    produce_values(session, name, [b"%d" % n for n in range(5)])
    if where == "deleted":
        result(session.admin.delete_records([TopicPartition(name, 0, 3)], request_timeout=PATIENCE))
    offset = 1 if where == "deleted" else 99
    left = [b"3", b"4"] if where == "deleted" else [b"0", b"1", b"2", b"3", b"4"]
    equal(values(read(assigned(session, name, offset=offset), len(left))), left)


@suite.case("an offset out of range: reset to the latest")
def out_of_range_latest(session):
    name = session.topic()
    produce_values(session, name, [b"old"])
    reader = assigned(session, name, offset=99, auto_offset_reset="latest", enable_partition_eof=True)
    message = until("the end of the partition", lambda: reader.poll(0.1))
    equal(message.error().code(), KafkaError._PARTITION_EOF)
    produce_values(session, name, [b"new"])
    equal(values(read(reader, 1)), [b"new"])


@suite.case("an offset out of range: an error if so wanted")
def out_of_range_error(session):
    name = session.topic()
    produce_values(session, name, [b"old"])
    reader = assigned(session, name, offset=99, auto_offset_reset="error")
    message = until("the error", lambda: reader.poll(0.1))
    equal(message.error().code(), KafkaError._AUTO_OFFSET_RESET)


@suite.case("many partitions at once")
def many_partitions(session):
    name = session.topic(50)
    client = producer(session, linger_ms=10)
    sent = [{"value": b"%d-%d" % (p, n), "partition": p} for p in range(50) for n in range(3)]
    produce(client, name, sent)
    equal(values(read_to_end(session, name, range(50))), [message["value"] for message in sent])


@suite.case("pause and resume")
def pausing(session):
    name = session.topic(2)
    reader = assigned(session, name, [0, 1])
    reader.pause([TopicPartition(name, 0)])
    produce(producer(session), name, [{"value": b"%d" % p, "partition": p} for p in range(2)])
    equal(values(read(reader, 1)), [b"1"])
    equal(reader.poll(0.3), None)
    reader.resume([TopicPartition(name, 0)])
    equal(values(read(reader, 1)), [b"0"])


@suite.case("retention: what is too old is deleted")
def retention(session):
    session.needs_patience("Kafka looks for it every 5 minutes unless told otherwise")
    name = session.topic(retention_ms=1, segment_ms=1000)
    produce_values(session, name, [b"old"])
    reader = assigned(session, name)
    until("the deletion", lambda: reader.get_watermark_offsets(TopicPartition(name, 0), PATIENCE)[0] == 1, 80)


@suite.case("compaction: of each key the last message stays, tombstones go at last")
def compaction(session):
    session.needs_patience("Kafka compacts every 15 s unless told otherwise, and never the newest segment")
    name = session.topic(
        cleanup_policy="compact", min_cleanable_dirty_ratio="0.001", segment_ms=100, delete_retention_ms=60_000)
    client = producer(session)
    sent = [(b"a", b"1"), (b"b", b"1"), (b"a", b"2"), (b"b", None), (b"c", b"1")]
    produce(client, name, [{"key": key, "value": value} for key, value in sent])
    def compacted():
        # A message of another key closes the segment before it.
        produce(client, name, [{"key": b"last", "value": b""}])
        found = read_to_end(session, name)
        return [(m.offset(), m.key(), m.value()) for m in found if m.key() != b"last"]
    expected = [(2, b"a", b"2"), (3, b"b", None), (4, b"c", b"1")]
    until("compaction", lambda: compacted() == expected, 80)

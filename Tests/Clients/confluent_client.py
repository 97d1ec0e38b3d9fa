"""confluent-kafka: librdkafka, newer than Debian's. The cases are in the modules imported at the end."""

import confluent_kafka
from confluent_kafka import Consumer, KafkaError, Producer, TopicPartition

from support import HEARTBEAT_MS, PATIENCE, QUIET, SESSION_TIMEOUT_MS, Deadline, Failure, Suite, equal

suite = Suite("confluent")


def code_of(error):
    """The error code of an exception, or of an error as such."""
    return error.args[0].code() if isinstance(error, confluent_kafka.KafkaException) else error.code()


def producer(session, **config):
    """Registered to be flushed away at the end; `linger_ms=…` stands for linger.ms."""
    settings = {
        "bootstrap.servers": session.brokers, "linger.ms": 0, "message.timeout.ms": PATIENCE * 1000,
        "topic.metadata.refresh.interval.ms": 1000, "partitioner": "murmur2_random", **QUIET,
    }
    settings.update({key.replace("_", "."): value for key, value in config.items()})
    made = Producer(settings)
    session.closing.callback(made.purge)
    return made


def consumer(session, close=True, **config):
    """Closed at the end of the case unless told otherwise."""
    settings = {
        "bootstrap.servers": session.brokers, "group.id": config.pop("group", None) or session.group(),
        "auto.offset.reset": "earliest", "enable.auto.commit": False, "enable.partition.eof": False, "fetch.wait.max.ms": 100,
        "session.timeout.ms": SESSION_TIMEOUT_MS, "heartbeat.interval.ms": HEARTBEAT_MS,
        "topic.metadata.refresh.interval.ms": 500, "allow.auto.create.topics": False, **QUIET,
    }
    settings.update({key.replace("_", "."): value for key, value in config.items()})
    made = Consumer(settings)
    if close:
        session.closing.callback(close_quietly, made)
    return made


def close_quietly(client):
    try:
        client.close()
    except RuntimeError:
        pass  # It was closed by the case.


class Reports(list):
    """The delivery reports of messages: (error code or None, partition, offset)."""

    def __call__(self, error, message):
        self.append((error.code() if error else None, message.partition(), message.offset()))


def produce(client, topic, messages, flush=True, **common):
    """Produces dictionaries of the arguments of Producer.produce(); the reports come in the order of the delivery."""
    reports = Reports()
    for message in messages:
        client.produce(topic, on_delivery=reports, **{**common, **message})
        client.poll(0)
    if flush:
        equal(client.flush(PATIENCE), 0, "messages that were not delivered in time")
    return reports


def produce_values(session, topic, values, **config):
    reports = produce(producer(session, **config), topic, [{"value": value} for value in values])
    equal([error for error, _, _ in reports], [None] * len(values), "errors of the deliveries")
    return reports


def assigned(session, topic, partitions=(0,), offset=confluent_kafka.OFFSET_BEGINNING, **config):
    """A consumer with partitions of its own choice."""
    made = consumer(session, **config)
    made.assign([TopicPartition(topic, partition, offset) for partition in partitions])
    return made


def read(client, count, seconds=PATIENCE):
    """The next `count` messages; an error that is not an end of partition fails the case."""
    messages = []
    deadline = Deadline(seconds, f"{count} messages")
    while len(messages) < count:
        for message in client.consume(count - len(messages), 0.1):
            if message.error() is None:
                messages.append(message)
            elif message.error().code() != KafkaError._PARTITION_EOF:
                raise Failure(f"instead of a message: {message.error()}")
        deadline.check([m.value() for m in messages])
    return messages


def read_to_end(session, topic, partitions=(0,), **config):
    """All that there is, in the order of the partitions."""
    client = assigned(session, topic, partitions, enable_partition_eof=True, **config)
    found = {partition: [] for partition in partitions}
    open_partitions = set(partitions)
    deadline = Deadline(what=f"the ends of {topic}")
    while open_partitions:
        for message in client.consume(1000, 0.1):
            if message.error() is None:
                found[message.partition()].append(message)
            elif message.error().code() == KafkaError._PARTITION_EOF:
                open_partitions.discard(message.partition())
            else:
                raise Failure(f"instead of a message: {message.error()}")
        deadline.check(open_partitions)
    client.close()
    return [message for partition in partitions for message in found[partition]]


def values(messages):
    return [message.value() for message in messages]


def result(futures, key=None):
    """What an AdminClient's call gives for the one thing asked, or for `key`."""
    return (futures[key] if key is not None else next(iter(futures.values()))).result(PATIENCE)


import confluent_admin  # noqa: E402,F401
import confluent_messages  # noqa: E402,F401
import confluent_groups  # noqa: E402,F401
import confluent_transactions  # noqa: E402,F401

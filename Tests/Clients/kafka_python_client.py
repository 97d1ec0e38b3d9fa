"""kafka-python, pure Python: the newest and 2.0.2. What only the newest can do is in the module imported at the end."""

import contextlib
import logging
import threading
import time

import kafka
from kafka import ConsumerRebalanceListener, KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition, errors
from kafka.admin import ConfigResource, ConfigResourceType, NewPartitions, NewTopic
from kafka.coordinator.assignors.range import RangePartitionAssignor
from kafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor

from support import (
    CODECS, HEARTBEAT_MS, PATIENCE, SESSION_TIMEOUT_MS, ClientHung, Deadline, OutOfTime, Suite, assigned_once, equal, holds, raises,
    until,
)

NEWEST = int(kafka.__version__.split(".")[0]) >= 3
GROUP_PATIENCE = 8 if NEWEST else PATIENCE
suite = Suite("kafka-python" if NEWEST else "kafka-python-2")
# What matters reaches the case as an exception.
logging.getLogger("kafka").setLevel(logging.CRITICAL + 1)


def closed(session, client):
    session.closing.callback(close_quietly, client)
    return client


def close_quietly(client):
    with contextlib.suppress(errors.KafkaError):
        client.close()


def admin(session, **config):
    return closed(session, KafkaAdminClient(**{"bootstrap_servers": session.brokers.split(","), **config}))


def producer(session, **config):
    return closed(session, KafkaProducer(**{"bootstrap_servers": session.brokers.split(","), "retries": 0, **config}))


def consumer(session, *topics, group=None, **config):
    settings = {
        "bootstrap_servers": session.brokers.split(","), "group_id": group, "auto_offset_reset": "earliest",
        "enable_auto_commit": False, "heartbeat_interval_ms": HEARTBEAT_MS, "fetch_max_wait_ms": 100,
        "session_timeout_ms": SESSION_TIMEOUT_MS, "metadata_max_age_ms": 1000,
    }
    made = closed(session, KafkaConsumer(**{**settings, **config}))
    if topics:
        subscribe(made, *topics)
    return made


def subscribe(client, *topics, **arguments):
    """Not without the metadata: version 3.0.12 assigns nothing, for ever, if it is elected the leader before it has them."""
    for topic in topics:
        until(f"the partitions of {topic}", lambda: client.partitions_for_topic(topic))
    client.subscribe(topics, **arguments)


def assigned(session, topic, partitions=(0,), **config):
    made = consumer(session, **config)
    made.assign([TopicPartition(topic, partition) for partition in partitions])
    return made


def produce(client, topic, *messages):
    """Dictionaries of the arguments of send(); the result is (partition, offset) of each."""
    futures = [client.send(topic, **message) for message in messages]
    client.flush(PATIENCE)
    return [(m.partition, m.offset) for m in (future.get(PATIENCE) for future in futures)]


def read(client, count):
    """The next `count` messages, in the order of the partitions."""
    messages = []
    deadline = Deadline(what=f"{count} messages")
    while len(messages) < count:
        for some in client.poll(100).values():
            messages.extend(some)
        deadline.check([m.value for m in messages])
    return sorted(messages, key=lambda m: (m.partition, m.offset))


def values(messages):
    return [message.value for message in messages]


def nothing_comes(client, milliseconds=300):
    equal(client.poll(milliseconds), {})


@suite.case("create, describe, delete a topic")
def topic_life(session):
    name, client = session.topic_name(), admin(session)
    client.create_topics([NewTopic(name, 3, 1, topic_configs={"retention.ms": "5000"})])
    session.wait_for_topic(name, 3)
    holds(name in client.list_topics(), "it is not listed")
    about = client.describe_topics([name])[0]
    equal(about["error_code"], 0)
    equal(sorted(p["partition_index" if NEWEST else "partition"] for p in about["partitions"]), [0, 1, 2])
    client.delete_topics([name])
    session.wait_for_no_topic(name)
    holds(name not in client.list_topics(), "it is still listed")
    with raises(errors.UnknownTopicOrPartitionError):
        client.delete_topics([name])


REFUSED = {
    "a name with a blank": (errors.InvalidTopicError, {"name": "a b"}),
    "no name": (errors.InvalidTopicError, {"name": ""}),
    "no partitions": (errors.InvalidPartitionsError, {"num_partitions": 0}),
    "fewer partitions than none": (errors.InvalidPartitionsError, {"num_partitions": -7}),
    "no replicas": (errors.InvalidReplicationFactorError, {"replication_factor": 0}),
    "too many replicas": (errors.InvalidReplicationFactorError, {"replication_factor": 100}),
    "an unknown config": (errors.InvalidConfigurationError, {"topic_configs": {"no.such.config": "1"}}),
    "an invalid config": (errors.InvalidConfigurationError, {"topic_configs": {"retention.ms": "soon"}}),
    "a replica on no broker": (
        errors.InvalidReplicationAssignmentError,
        {"num_partitions": -1, "replication_factor": -1, "replica_assignments": {0: [12345]}},
    ),
}


@suite.case("create a topic is refused", each=REFUSED)
def create_refused(session, why):
    error, arguments = REFUSED[why]
    with raises(error):
        new = {"name": session.name("topic"), "num_partitions": 1, "replication_factor": 1, **arguments}
        admin(session).create_topics([NewTopic(**new)])


@suite.case("create a topic that exists is refused")
def create_existing(session):
    with raises(errors.TopicAlreadyExistsError):
        admin(session).create_topics([NewTopic(session.topic(), 1, 1)])


@suite.case("create partitions, not fewer")
def create_partitions(session):
    name, client = session.topic(), admin(session)
    client.create_partitions({name: NewPartitions(3)})
    session.wait_for_topic(name, 3)
    with raises(errors.InvalidPartitionsError):
        client.create_partitions({name: NewPartitions(2)})


@suite.case("describe the cluster")
def describe_cluster(session):
    about = admin(session).describe_cluster()
    equal(sorted(broker["broker_id" if NEWEST else "node_id"] for broker in about["brokers"]), session.broker_ids)
    holds(about["controller_id"] in session.broker_ids, "the controller is no broker")
    equal(about["cluster_id"], session.admin.list_topics(timeout=PATIENCE).cluster_id)


MESSAGES = [
    {"key": b"k1", "value": b"plain"},
    {"key": None, "value": b"no key"},
    {"key": b"gone", "value": None},
    {"key": b"k2", "value": b""},
    {"key": b"h", "value": b"headers", "headers": [("a", b"1"), ("a", b"2"), ("ü", b"\x00\xff"), ("empty", b"")]},
    {"key": b"t", "value": b"old", "timestamp_ms": 1},
    {"key": b"long", "value": b"0123456789" * 1000},
]


@suite.case("what is produced is what is consumed, codec", each=CODECS)
def round_trip(session, codec):
    name = session.topic(2)
    client = producer(session, compression_type=None if codec == "none" else codec, linger_ms=20)
    sent = [{**message, "partition": 1} for message in MESSAGES]
    equal(produce(client, name, *sent), [(1, offset) for offset in range(len(MESSAGES))])
    found = read(assigned(session, name, [0, 1]), len(MESSAGES))
    equal([(m.partition, m.offset) for m in found], [(1, offset) for offset in range(len(MESSAGES))])
    for message, expected in zip(found, MESSAGES):
        equal((message.key, message.value), (expected["key"], expected["value"]))
        equal(list(message.headers), expected.get("headers", []), "headers")
        if "timestamp_ms" in expected:
            equal((message.timestamp, message.timestamp_type), (expected["timestamp_ms"], 0), "timestamp")


@suite.case("a thousand messages in order, acks", each=["0", "1", "all"])
def many(session, acks):
    name = session.topic(3)
    client = producer(session, acks="all" if acks == "all" else int(acks), **({"enable_idempotence": False} if NEWEST else {}))
    sent = [{"value": b"%04d" % n, "key": b"%d" % (n % 50)} for n in range(1000)]
    produce(client, name, *sent)
    found = read(consumer(session, name, group=session.group()), 1000)
    equal(sorted(values(found)), [message["value"] for message in sent])
    for partition in range(3):
        there = [m for m in found if m.partition == partition]
        equal([m.offset for m in there], list(range(len(there))), f"offsets of {partition}")
        equal(values(there), sorted(values(there)), f"order in {partition}")


@suite.case("a message bigger than the topic allows")
def too_big(session):
    name = session.topic(max_message_bytes=10_000)
    client = producer(session, max_request_size=10_000_000)
    equal(produce(client, name, {"value": b"x" * 9_900}), [(0, 0)])
    with raises(errors.MessageSizeTooLargeError):
        produce(client, name, {"value": b"x" * 10_100})
    equal([len(m.value) for m in read(assigned(session, name), 1)], [9_900])


@suite.case("a message bigger than the consumer's limits is delivered all the same")
def small_fetches(session):
    name = session.topic()
    client = producer(session, max_request_size=10_000_000)
    for size in (500_000, 900_000, 10):
        produce(client, name, {"value": b"x" * size})
    found = read(assigned(session, name, max_partition_fetch_bytes=1000, fetch_max_bytes=1000), 3)
    equal([len(m.value) for m in found], [500_000, 900_000, 10])


@suite.case("log append time")
def append_time(session):
    name = session.topic(message_timestamp_type="LogAppendTime")
    before = int(time.time() * 1000)
    produce(producer(session), name, {"value": b"v", "timestamp_ms": 1})
    message = read(assigned(session, name), 1)[0]
    equal(message.timestamp_type, 1)
    holds(before - 50 <= message.timestamp <= int(time.time() * 1000) + 50, f"{message.timestamp} is not now")


@suite.case("beginning, end, offsets for times, seek")
def positions(session):
    name = session.topic()
    partition = TopicPartition(name, 0)
    produce(producer(session), name, *[{"value": b"%d" % stamp, "timestamp_ms": stamp} for stamp in (100, 200, 300)])
    reader = assigned(session, name)
    equal((reader.beginning_offsets([partition]), reader.end_offsets([partition])), ({partition: 0}, {partition: 3}))
    found = reader.offsets_for_times({partition: 150})[partition]
    equal((found.offset, found.timestamp), (1, 200))
    equal(reader.offsets_for_times({partition: 301}), {partition: None})
    reader.seek(partition, 2)
    equal(values(read(reader, 1)), [b"300"])
    reader.seek_to_beginning(partition)
    equal(values(read(reader, 3)), [b"100", b"200", b"300"])
    equal(reader.position(partition), 3)
    reader.seek_to_end(partition)
    nothing_comes(reader)


@suite.case("an offset out of range is reset")
def out_of_range(session):
    name = session.topic()
    produce(producer(session), name, {"value": b"1"}, {"value": b"2"})
    reader = assigned(session, name)
    reader.seek(TopicPartition(name, 0), 99)
    equal(values(read(reader, 2)), [b"1", b"2"])


@suite.case("an offset out of range is an error if so wanted")
def out_of_range_error(session):
    name = session.topic()
    produce(producer(session), name, {"value": b"1"})
    reader = assigned(session, name, auto_offset_reset="none")
    reader.seek(TopicPartition(name, 0), 99)
    with raises(errors.OffsetOutOfRangeError):
        read(reader, 1)


class Member(threading.Thread):
    """A consumer in a thread of its own, since its calls wait for rebalances."""

    def __init__(self, session, topic, group, **config):
        super().__init__(daemon=True)
        self.messages = []
        self.rebalances = 0
        self.owned = []
        self.failure = None
        # Messages whose commit a rebalance refused: another member may read them again.
        self.refused = 0
        self.ended = threading.Event()
        self.client = consumer(session, group=group, **config)
        self.topic = topic
        session.closing.callback(self.end)
        self.start()

    def run(self):
        member = self

        class Listener(ConsumerRebalanceListener):
            def on_partitions_revoked(self, revoked):
                pass

            def on_partitions_assigned(self, assigned):
                member.rebalances += 1

        try:
            subscribe(self.client, self.topic, listener=Listener())
            uncommitted = 0
            while not self.ended.is_set():
                found = [message for some in self.client.poll(50).values() for message in some]
                self.messages.extend(found)
                uncommitted += len(found)
                if uncommitted:
                    uncommitted = self.commit(uncommitted)
                self.owned = sorted(partition.partition for partition in self.client.assignment())
            self.client.close()
        except Exception as error:
            self.failure = error

    def commit(self, count):
        """Commits `count` messages: says how many remain. A rebalance that is under way refuses them, and polling ends it."""
        try:
            self.client.commit()
            return 0
        except errors.RebalanceInProgressError:
            self.refused += count
            return count

    def end(self):
        """Leaves the group."""
        self.ended.set()
        self.join(PATIENCE)
        self.owned = []


@contextlib.contextmanager
def patiently():
    """In every seventh group a member of version 3.0.12 stops when the others change: it sends no heartbeat, though it polls."""
    try:
        yield
    except OutOfTime as late:
        raise ClientHung(str(late)) if NEWEST else late


def settle(members, partitions):
    with patiently():
        wait_for_shares(members, partitions)


def wait_for_shares(members, partitions):
    least, most = partitions // len(members), -(-partitions // len(members))
    deadline = Deadline(GROUP_PATIENCE, f"{partitions} partitions for {len(members)} members")
    while True:
        for member in members:
            holds(member.failure is None, f"a member ended: {member.failure!r}")
        owned = [member.owned for member in members]
        if assigned_once(owned, partitions) and all(least <= len(share) <= most for share in owned):
            return
        deadline.check(owned)
        time.sleep(0.01)


def grow_and_shrink(session, assignor):
    """A group of two, three, two, one members: every message is read, each partition has one owner."""
    topic, group, writer = session.topic(6), session.group(), producer(session)
    everybody, members, sent = [], [], []
    def member():
        everybody.append(Member(session, topic, group, partition_assignment_strategy=[assignor]))
        members.append(everybody[-1])
    def share_messages():
        settle(members, 6)
        new = [{"value": b"%d" % (len(sent) + n), "partition": n % 6} for n in range(12)]
        sent.extend(message["value"] for message in new)
        produce(writer, topic, *new)
        def found():
            return [value for one in everybody for value in values(one.messages)]
        with patiently():
            until("every message", lambda: set(found()) == set(sent), GROUP_PATIENCE)
        # A message may come twice if a member was between reading and committing it.
        most = 2 + sum(one.refused for one in everybody)
        holds(len(found()) - len(sent) <= most, f"{len(found()) - len(sent)} messages were read twice")
    member()
    member()
    share_messages()
    member()
    share_messages()
    members.pop().end()
    share_messages()
    members.pop(0).end()
    share_messages()
    reader = consumer(session, group=group)
    until("the commits", lambda: [reader.committed(TopicPartition(topic, partition)) for partition in range(6)] == [8] * 6)


ASSIGNORS = {"range": RangePartitionAssignor, "roundrobin": RoundRobinPartitionAssignor}


@suite.case("a group of two, three, two, one members", each=ASSIGNORS)
def groups(session, name):
    grow_and_shrink(session, ASSIGNORS[name])


@suite.case("commit, committed, resume")
def resume(session):
    topic, group = session.topic(), session.group()
    produce(producer(session), topic, *[{"value": b"%d" % n} for n in range(6)])
    first = consumer(session, topic, group=group)
    equal(first.committed(TopicPartition(topic, 0)), None)
    equal(len(read(first, 6)), 6)
    first.seek(TopicPartition(topic, 0), 4)
    first.commit()
    first.close()
    second = consumer(session, topic, group=group)
    equal(second.committed(TopicPartition(topic, 0)), 4)
    equal(values(read(second, 2)), [b"4", b"5"])


@suite.case("a session timeout that is too short is refused")
def short_session(session):
    topic = session.topic()
    reader = consumer(session, topic, group=session.group(), session_timeout_ms=1000)
    with raises(errors.InvalidSessionTimeoutError):
        read(reader, 1)


@suite.case("list, describe, delete groups")
def group_admin(session):
    topic, group, client = session.topic(2), session.group(), admin(session)
    member = Member(session, topic, group)
    settle([member], 2)
    about = described(client, group)
    equal((about["state"], about["protocol"], len(about["members"])), ("Stable", "range", 1))
    holds(group in listed(client), "it is not listed")
    equal(deleted(client, group), "NonEmptyGroupError")
    member.end()
    equal(described(client, group)["state"], "Empty")
    equal(deleted(client, group), "NoError")
    holds(group not in listed(client), "it is still listed")
    equal(described(client, group)["state"], "Dead")
    equal(deleted(client, group), "GroupIdNotFoundError")


def described(client, group):
    if NEWEST:
        about = client.describe_groups([group])[group]
        return {"state": about["group_state"], "protocol": about["protocol_data"], "members": about["members"]}
    about = client.describe_consumer_groups([group])[0]
    return {"state": about.state, "protocol": about.protocol, "members": about.members}


def listed(client):
    return [about["group_id"] for about in client.list_groups()] if NEWEST else [name for name, _ in client.list_consumer_groups()]


def deleted(client, group):
    if NEWEST:
        return client.delete_groups([group])[group].replace("OK", "NoError")
    return client.delete_consumer_groups([group])[0][1].__name__


@suite.case("describe the configs of a topic")
def describe_configs(session):
    name = session.topic(retention_bytes=1000)
    resource = ConfigResource(ConfigResourceType.TOPIC, name, None)
    if NEWEST:
        found = admin(session).describe_configs([resource], config_filter="all")["topic"][name]
        found = {key: entry["value"] for key, entry in found.items()}
    else:
        resources = admin(session).describe_configs([resource])[0].resources
        found = {entry[0]: entry[1] for entry in resources[0][4]}
    expected = {"retention.bytes": "1000", "retention.ms": "604800000", "cleanup.policy": "delete", "max.message.bytes": "1048588"}
    equal({key: found[key] for key in expected}, expected)


@suite.case("SASL/PLAIN: the right password")
def sasl_right(session):
    session.needs_sasl()
    name = session.topic()
    produce(producer(session, **sasl(session, session.password)), name, {"value": b"let in"})
    equal(values(read(assigned(session, name, **sasl(session, session.password)), 1)), [b"let in"])


@suite.case("SASL/PLAIN: a wrong password")
def sasl_wrong(session):
    session.needs_sasl()
    wrong = sasl(session, "not " + session.password)
    # Both try again and say in the end that there is no broker.
    with raises(errors.KafkaTimeoutError if NEWEST else errors.NoBrokersAvailable):
        admin(session, **wrong, **({"bootstrap_timeout_ms": 2000} if NEWEST else {}))


def sasl(session, password):
    return {
        "bootstrap_servers": session.sasl_brokers.split(","), "security_protocol": "SASL_PLAINTEXT", "sasl_mechanism": "PLAIN",
        "sasl_plain_username": session.user, "sasl_plain_password": password,
    }


if NEWEST:
    import kafka_python_newest  # noqa: E402,F401

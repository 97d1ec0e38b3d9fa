"""aiokafka: asyncio, pure Python with its own protocol code."""

import asyncio
import contextlib
import logging
import time

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener, TopicPartition, errors
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions, NewTopic, RecordsToDelete
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from aiokafka.coordinator.assignors.sticky.sticky_assignor import StickyPartitionAssignor
from aiokafka.structs import OffsetAndMetadata

from support import CODECS, HEARTBEAT_MS, PATIENCE, SESSION_TIMEOUT_MS, Deadline, Suite, assigned_once, equal, holds, raises

suite = Suite("aiokafka")
# What matters reaches the case as an exception.
logging.getLogger("aiokafka").setLevel(logging.CRITICAL + 1)


def case(title, each=None):
    """Declares a coroutine as a case; it gets a Kit."""
    def declare(function):
        async def with_kit(session, *value):
            async with contextlib.AsyncExitStack() as stack:
                await function(Kit(session, stack), *value)
        suite.case(title, each)(lambda session, *value: asyncio.run(with_kit(session, *value)))
        return function
    return declare


class Kit:
    """Clients that are stopped at the end of the case."""

    def __init__(self, session, stack):
        self.session = session
        self.stack = stack

    async def started(self, client):
        self.stack.push_async_callback(stop, client)
        await client.start()
        return client

    async def admin(self, **config):
        return await self.started(AIOKafkaAdminClient(**{"bootstrap_servers": self.session.brokers, **config}))

    async def producer(self, **config):
        return await self.started(AIOKafkaProducer(**{"bootstrap_servers": self.session.brokers, **config}))

    async def consumer(self, *topics, group=None, **config):
        settings = {
            "bootstrap_servers": self.session.brokers, "group_id": group, "auto_offset_reset": "earliest",
            "enable_auto_commit": False, "heartbeat_interval_ms": HEARTBEAT_MS, "fetch_max_wait_ms": 100,
            "session_timeout_ms": SESSION_TIMEOUT_MS, "metadata_max_age_ms": 1000,
        }
        return await self.started(AIOKafkaConsumer(*topics, **{**settings, **config}))

    async def assigned(self, topic, partitions=(0,), **config):
        made = await self.consumer(**config)
        made.assign([TopicPartition(topic, partition) for partition in partitions])
        return made


async def stop(client):
    with contextlib.suppress(errors.KafkaError):
        await (client.close() if isinstance(client, AIOKafkaAdminClient) else client.stop())


async def produce(client, topic, *messages):
    """Dictionaries of the arguments of send(); the result is (partition, offset) of each."""
    futures = [await client.send(topic, **message) for message in messages]
    return [(m.partition, m.offset) for m in await asyncio.wait_for(asyncio.gather(*futures), PATIENCE)]


async def read(client, count):
    """The next `count` messages, in the order of the partitions."""
    messages = []
    deadline = Deadline(what=f"{count} messages")
    while len(messages) < count:
        for some in (await client.getmany(timeout_ms=100)).values():
            messages.extend(some)
        deadline.check([m.value for m in messages])
    return sorted(messages, key=lambda m: (m.partition, m.offset))


async def nothing_comes(client, milliseconds=300):
    equal(await client.getmany(timeout_ms=milliseconds), {})


async def eventually(what, attempt):
    deadline = Deadline(what=what)
    while not (found := await attempt()):
        deadline.check(found)
        await asyncio.sleep(0.01)
    return found


def values(messages):
    return [message.value for message in messages]


@case("create, describe, delete a topic")
async def topic_life(kit):
    name, client = kit.session.topic_name(), await kit.admin()
    new = NewTopic(name, 3, 1, topic_configs={"retention.ms": "5000"})
    equal([error[1] for error in (await client.create_topics([new])).topic_errors], [0])
    kit.session.wait_for_topic(name, 3)
    equal([error[1] for error in (await client.create_topics([new])).topic_errors], [errors.TopicAlreadyExistsError.errno])
    about = (await client.describe_topics([name]))[0]
    equal((about["error_code"], sorted(p["partition"] for p in about["partitions"])), (0, [0, 1, 2]))
    equal([error[1] for error in (await client.delete_topics([name])).topic_error_codes], [0])
    kit.session.wait_for_no_topic(name)
    holds(name not in await client.list_topics(), "it is still listed")
    equal([error[1] for error in (await client.delete_topics([name])).topic_error_codes], [errors.UnknownTopicOrPartitionError.errno])


REFUSED = {
    "a name with a blank": (errors.InvalidTopicError, {"name": "a b"}),
    "no partitions": (errors.InvalidPartitionsError, {"num_partitions": 0}),
    "too many replicas": (errors.InvalidReplicationFactorError, {"replication_factor": 100}),
    "an unknown config": (errors.InvalidConfigurationError, {"topic_configs": {"no.such.config": "1"}}),
    "an invalid config": (errors.InvalidConfigurationError, {"topic_configs": {"retention.ms": "soon"}}),
}


@case("create a topic is refused", each=REFUSED)
async def create_refused(kit, why):
    error, arguments = REFUSED[why]
    new = {"name": kit.session.name("topic"), "num_partitions": 1, "replication_factor": 1, **arguments}
    answer = await (await kit.admin()).create_topics([NewTopic(**new)])
    equal([topic[1] for topic in answer.topic_errors], [error.errno])


@case("create partitions, not fewer")
async def create_partitions(kit):
    name, client = kit.session.topic(), await kit.admin()
    equal([error[1] for error in (await client.create_partitions({name: NewPartitions(3)})).topic_errors], [0])
    kit.session.wait_for_topic(name, 3)
    with raises(errors.InvalidPartitionsError):
        await client.create_partitions({name: NewPartitions(2)})


@case("describe the cluster and the configs of a topic")
async def describe(kit):
    client, name = await kit.admin(), kit.session.topic(retention_bytes=1000)
    about = await client.describe_cluster()
    equal(sorted(broker["node_id"] for broker in about["brokers"]), kit.session.broker_ids)
    answer = (await client.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name)]))[0]
    error, _, _, described, entries = answer.resources[0]
    equal((error, described), (0, name))
    found = {entry[0]: entry[1] for entry in entries}
    expected = {"retention.bytes": "1000", "retention.ms": "604800000", "cleanup.policy": "delete", "max.message.bytes": "1048588"}
    equal({key: found[key] for key in expected}, expected)


@case("alter all configs of a topic")
async def alter_configs(kit):
    client, name = await kit.admin(), kit.session.topic(retention_bytes=1000)
    async def alter(configs):
        answer = (await client.alter_configs([ConfigResource(ConfigResourceType.TOPIC, name, configs)]))[0]
        return answer.resources[0][0]
    equal(await alter({"retention.ms": "5000"}), 0)
    equal(await alter({"retention.ms": "soon"}), errors.InvalidConfigurationError.errno)
    async def altered():
        answer = (await client.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name)]))[0]
        found = {entry[0]: entry[1] for entry in answer.resources[0][4]}
        return (found["retention.ms"], found["retention.bytes"]) == ("5000", "-1")
    await eventually("the configs", altered)


@case("delete records")
async def delete_records(kit):
    name = kit.session.topic()
    partition = TopicPartition(name, 0)
    await produce(await kit.producer(), name, *[{"value": b"%d" % n} for n in range(5)])
    equal(await (await kit.admin()).delete_records({partition: RecordsToDelete(3)}), {partition: 3})
    reader = await kit.assigned(name)
    reader.seek(partition, 1)
    equal(values(await read(reader, 2)), [b"3", b"4"])


MESSAGES = [
    {"key": b"k1", "value": b"plain"},
    {"key": None, "value": b"no key"},
    {"key": b"gone", "value": None},
    {"key": b"k2", "value": b""},
    {"key": b"h", "value": b"headers", "headers": [("a", b"1"), ("a", b"2"), ("ü", b"\x00\xff"), ("empty", b"")]},
    {"key": b"t", "value": b"old", "timestamp_ms": 1},
    {"key": b"long", "value": b"0123456789" * 1000},
]


@case("what is produced is what is consumed, codec", each=CODECS)
async def round_trip(kit, codec):
    name = kit.session.topic(2)
    client = await kit.producer(compression_type=None if codec == "none" else codec, linger_ms=20)
    sent = [{**message, "partition": 1} for message in MESSAGES]
    equal(await produce(client, name, *sent), [(1, offset) for offset in range(len(MESSAGES))])
    found = await read(await kit.assigned(name, [0, 1]), len(MESSAGES))
    equal([(m.partition, m.offset) for m in found], [(1, offset) for offset in range(len(MESSAGES))])
    for message, expected in zip(found, MESSAGES):
        equal((message.key, message.value), (expected["key"], expected["value"]))
        equal(list(message.headers), expected.get("headers", []), "headers")
        if "timestamp_ms" in expected:
            equal((message.timestamp, message.timestamp_type), (expected["timestamp_ms"], 0), "timestamp")


@case("a thousand messages in order, acks", each=["0", "1", "all"])
async def many(kit, acks):
    name = kit.session.topic(3)
    client = await kit.producer(acks=acks if acks == "all" else int(acks))
    sent = [b"%04d" % n for n in range(1000)]
    for number, value in enumerate(sent):
        await client.send(name, value, key=b"%d" % (number % 50))
    await client.flush()
    found = await read(await kit.consumer(name, group=kit.session.group()), 1000)
    equal(sorted(values(found)), sent)
    for partition in range(3):
        there = [m for m in found if m.partition == partition]
        equal([m.offset for m in there], list(range(len(there))), f"offsets of {partition}")
        equal(values(there), sorted(values(there)), f"order in {partition}")


@case("a message bigger than the topic allows")
async def too_big(kit):
    name = kit.session.topic(max_message_bytes=10_000)
    client = await kit.producer(max_request_size=10_000_000)
    equal(await produce(client, name, {"value": b"x" * 9_900}), [(0, 0)])
    with raises(errors.MessageSizeTooLargeError):
        await produce(client, name, {"value": b"x" * 10_100})
    equal([len(m.value) for m in await read(await kit.assigned(name), 1)], [9_900])


@case("a message bigger than the consumer's limits is delivered all the same")
async def small_fetches(kit):
    name = kit.session.topic()
    client = await kit.producer(max_request_size=10_000_000)
    for size in (500_000, 900_000, 10):
        await produce(client, name, {"value": b"x" * size})
    found = await read(await kit.assigned(name, max_partition_fetch_bytes=1000, fetch_max_bytes=1000), 3)
    equal([len(m.value) for m in found], [500_000, 900_000, 10])


@case("log append time")
async def append_time(kit):
    name = kit.session.topic(message_timestamp_type="LogAppendTime")
    before = int(time.time() * 1000)
    await produce(await kit.producer(), name, {"value": b"v", "timestamp_ms": 1})
    message = (await read(await kit.assigned(name), 1))[0]
    equal(message.timestamp_type, 1)
    holds(before - 50 <= message.timestamp <= int(time.time() * 1000) + 50, f"{message.timestamp} is not now")


@case("beginning, end, offsets for times, seek")
async def positions(kit):
    name = kit.session.topic()
    partition = TopicPartition(name, 0)
    await produce(await kit.producer(), name, *[{"value": b"%d" % stamp, "timestamp_ms": stamp} for stamp in (100, 200, 300)])
    reader = await kit.assigned(name)
    equal((await reader.beginning_offsets([partition]), await reader.end_offsets([partition])), ({partition: 0}, {partition: 3}))
    found = (await reader.offsets_for_times({partition: 150}))[partition]
    equal((found.offset, found.timestamp), (1, 200))
    equal(await reader.offsets_for_times({partition: 301}), {partition: None})
    reader.seek(partition, 2)
    equal(values(await read(reader, 1)), [b"300"])
    await reader.seek_to_beginning(partition)
    equal(values(await read(reader, 3)), [b"100", b"200", b"300"])
    equal((await reader.position(partition), reader.highwater(partition)), (3, 3))


@case("an offset out of range is reset, or an error")
async def out_of_range(kit):
    name = kit.session.topic()
    await produce(await kit.producer(), name, {"value": b"1"}, {"value": b"2"})
    reader = await kit.assigned(name)
    reader.seek(TopicPartition(name, 0), 99)
    equal(values(await read(reader, 2)), [b"1", b"2"])
    strict = await kit.assigned(name, auto_offset_reset="none")
    strict.seek(TopicPartition(name, 0), 99)
    with raises(errors.OffsetOutOfRangeError):
        await read(strict, 1)


class Member(ConsumerRebalanceListener):
    """A consumer in a task of its own."""

    def __init__(self):
        self.messages = []
        self.rebalances = 0
        self.ended = False

    @classmethod
    async def joined(cls, kit, topic, group, **config):
        member = cls()
        member.client = await kit.consumer(group=group, **config)
        member.client.subscribe([topic], listener=member)
        member.task = asyncio.create_task(member.run())
        kit.stack.push_async_callback(member.end)
        return member

    async def run(self):
        while not self.ended:
            for some in (await self.client.getmany(timeout_ms=50)).values():
                self.messages.extend(some)
        await self.client.stop()

    async def on_partitions_revoked(self, revoked):
        if revoked:
            await self.client.commit()

    async def on_partitions_assigned(self, assigned):
        self.rebalances += 1

    @property
    def owned(self):
        return sorted(p.partition for p in self.client.assignment())

    async def end(self):
        """Leaves the group; what was read is committed before."""
        if not self.ended:
            await self.client.commit()
        self.ended = True
        await asyncio.wait_for(self.task, PATIENCE)


async def settle(members, partitions):
    least, most = partitions // len(members), -(-partitions // len(members))
    async def settled():
        for member in members:
            holds(not member.task.done(), f"a member ended: {member.task}")
        owned = [member.owned for member in members]
        return assigned_once(owned, partitions) and all(least <= len(share) <= most for share in owned)
    await eventually(f"{partitions} partitions for {len(members)} members", settled)


ASSIGNORS = {"range": RangePartitionAssignor, "roundrobin": RoundRobinPartitionAssignor, "sticky": StickyPartitionAssignor}


@case("a group of two, three, two, one members", each=ASSIGNORS)
async def groups(kit, name):
    topic, group, writer = kit.session.topic(6), kit.session.group(), await kit.producer()
    everybody, members, sent = [], [], []
    async def member():
        everybody.append(await Member.joined(kit, topic, group, partition_assignment_strategy=[ASSIGNORS[name]]))
        members.append(everybody[-1])
    async def share_messages():
        await settle(members, 6)
        new = [{"value": b"%d" % (len(sent) + n), "partition": n % 6} for n in range(12)]
        sent.extend(message["value"] for message in new)
        await produce(writer, topic, *new)
        def found():
            return [value for one in everybody for value in values(one.messages)]
        async def complete():
            return set(found()) == set(sent)
        await eventually("every message", complete)
        # A message may come twice if a member was between reading and committing it.
        holds(len(found()) - len(sent) <= 2, f"{len(found()) - len(sent)} messages were read twice")
    await member()
    await member()
    await share_messages()
    await member()
    await share_messages()
    await members.pop().end()
    await share_messages()
    await members.pop(0).end()
    await share_messages()
    await members.pop().end()
    reader = await kit.consumer(group=group)
    equal([await reader.committed(TopicPartition(topic, partition)) for partition in range(6)], [8] * 6)


@case("a static member comes back without a rebalance")
async def static_member(kit):
    topic, group = kit.session.topic(4), kit.session.group()
    config = {"partition_assignment_strategy": [RangePartitionAssignor]}
    first = await Member.joined(kit, topic, group, group_instance_id="one", **config)
    second = await Member.joined(kit, topic, group, group_instance_id="two", **config)
    await settle([first, second], 4)
    before, share = first.rebalances, second.owned
    await second.end()
    second = await Member.joined(kit, topic, group, group_instance_id="two", **config)
    await settle([first, second], 4)
    equal((second.owned, first.rebalances), (share, before))


@case("commit, committed, resume")
async def resume(kit):
    topic, group = kit.session.topic(), kit.session.group()
    partition = TopicPartition(topic, 0)
    await produce(await kit.producer(), topic, *[{"value": b"%d" % n} for n in range(6)])
    first = await kit.consumer(topic, group=group)
    equal(await first.committed(partition), None)
    equal(len(await read(first, 6)), 6)
    await first.commit({partition: (4, "half way")})
    await first.stop()
    second = await kit.consumer(topic, group=group)
    equal(await second.committed(partition), 4)
    equal(values(await read(second, 2)), [b"4", b"5"])
    found = await (await kit.admin()).list_consumer_group_offsets(group)
    equal(found, {partition: OffsetAndMetadata(4, "half way")})


@case("list and describe groups")
async def group_admin(kit):
    topic, group, client = kit.session.topic(2), kit.session.group(), await kit.admin()
    member = await Member.joined(kit, topic, group)
    await settle([member], 2)
    holds(group in [name for name, _ in await client.list_consumer_groups()], "it is not listed")
    answer = (await client.describe_consumer_groups([group]))[0]
    error, name, state, kind, protocol, members = answer.groups[0][:6]
    equal((error, name, state, kind, protocol, len(members)), (0, group, "Stable", "consumer", "roundrobin", 1))
    holds(await client.find_coordinator(group) in kit.session.broker_ids, "the coordinator is no broker")


@case("a session timeout that is too short is refused")
async def short_session(kit):
    topic = kit.session.topic()
    with raises(errors.InvalidSessionTimeoutError):
        reader = await kit.consumer(topic, group=kit.session.group(), session_timeout_ms=1000)
        await read(reader, 1)


@case("an idempotent producer")
async def idempotent(kit):
    topic = kit.session.topic()
    client = await kit.producer(enable_idempotence=True)
    equal(await produce(client, topic, *[{"value": b"%d" % n} for n in range(1000)]), [(0, n) for n in range(1000)])


@case("transactions: commit, abort, read_committed, read_uncommitted")
async def transactions(kit):
    topic = kit.session.topic()
    client = await kit.producer(transactional_id=kit.session.name("writer"))
    for value, keep in ((b"1", True), (b"2", False), (b"3", True)):
        await client.begin_transaction()
        await produce(client, topic, {"value": value})
        await (client.commit_transaction() if keep else client.abort_transaction())
    committed = await kit.assigned(topic, isolation_level="read_committed")
    equal([(m.offset, m.value) for m in await read(committed, 2)], [(0, b"1"), (4, b"3")])
    await nothing_comes(committed)
    equal(values(await read(await kit.assigned(topic, isolation_level="read_uncommitted"), 3)), [b"1", b"2", b"3"])


@case("read_committed waits at an open transaction")
async def last_stable_offset(kit):
    topic = kit.session.topic()
    partition = TopicPartition(topic, 0)
    client = await kit.producer(transactional_id=kit.session.name("writer"))
    await client.begin_transaction()
    await produce(client, topic, {"value": b"open"})
    await produce(await kit.producer(), topic, {"value": b"after"})
    reader = await kit.assigned(topic, isolation_level="read_committed")
    await nothing_comes(reader)
    equal((await reader.end_offsets([partition]), reader.last_stable_offset(partition)), ({partition: 0}, 0))
    await client.commit_transaction()
    equal(values(await read(reader, 2)), [b"open", b"after"])


@case("offsets in a transaction", each=["commit", "abort"])
async def offsets(kit, end):
    topic, group = kit.session.topic(), kit.session.group()
    partition = TopicPartition(topic, 0)
    client = await kit.producer(transactional_id=kit.session.name("writer"))
    await client.begin_transaction()
    await client.send_offsets_to_transaction({partition: OffsetAndMetadata(5, "m")}, group)
    await (client.commit_transaction() if end == "commit" else client.abort_transaction())
    reader = await kit.consumer(group=group)
    if end == "commit":
        async def committed():
            return await reader.committed(partition) == 5
        await eventually("the offset", committed)
    else:
        equal(await reader.committed(partition), None)


@case("a second producer of the same id fences the first")
async def fencing(kit):
    topic, name = kit.session.topic(), kit.session.name("writer")
    zombie = await kit.producer(transactional_id=name)
    await zombie.begin_transaction()
    await produce(zombie, topic, {"value": b"zombie"})
    heir = await kit.producer(transactional_id=name)
    async with heir.transaction():
        await produce(heir, topic, {"value": b"heir"})
    with raises(errors.ProducerFenced):
        await zombie.commit_transaction()
    reader = await kit.assigned(topic, isolation_level="read_committed")
    equal(values(await read(reader, 1)), [b"heir"])
    await nothing_comes(reader)


def sasl(session, password):
    return {
        "bootstrap_servers": session.sasl_brokers, "security_protocol": "SASL_PLAINTEXT", "sasl_mechanism": "PLAIN",
        "sasl_plain_username": session.user, "sasl_plain_password": password,
    }


@case("SASL/PLAIN: the right password")
async def sasl_right(kit):
    kit.session.needs_sasl()
    name, config = kit.session.topic(), sasl(kit.session, kit.session.password)
    await produce(await kit.producer(**config), name, {"value": b"let in"})
    equal(values(await read(await kit.assigned(name, **config), 1)), [b"let in"])


@case("SASL/PLAIN: a wrong password")
async def sasl_wrong(kit):
    kit.session.needs_sasl()
    # It tries again and says in the end that it could not connect.
    with raises(errors.KafkaConnectionError):
        await asyncio.wait_for(kit.admin(**sasl(kit.session, "not " + kit.session.password)), PATIENCE)

"""kafka-python 3: idempotence, transactions, static members, and administration that no other client here offers."""

from kafka import IsolationLevel, OffsetAndMetadata, TopicPartition, errors
from kafka.admin import AlterConfigOp, ConfigResource, ConfigResourceType, MemberToRemove, OffsetSpec, TransactionState
from kafka.coordinator.assignors.cooperative_sticky import CooperativeStickyAssignor
from kafka.coordinator.assignors.sticky.sticky_assignor import StickyPartitionAssignor

from kafka_python_client import (
    Member, admin, assigned, consumer, described, grow_and_shrink, nothing_comes, produce, producer, read, settle, suite, values,
)
from support import PATIENCE, equal, holds, raises, until, until_equal

STICKY = {"sticky": StickyPartitionAssignor, "cooperative-sticky": CooperativeStickyAssignor}


@suite.case("a sticky group of two, three, two, one members", each=STICKY)
def groups(session, name):
    grow_and_shrink(session, STICKY[name])


@suite.case("a static member keeps its place and its partitions")
def static_member(session):
    topic, group, client = session.topic(4), session.group(), admin(session)
    first = Member(session, topic, group, group_instance_id="one")
    second = Member(session, topic, group, group_instance_id="two")
    settle([first, second], 4)
    share = second.owned
    second.end()
    equal(len(described(client, group)["members"]), 2, "members while the second is away")
    second = Member(session, topic, group, group_instance_id="two")
    settle([first, second], 4)
    equal(second.owned, share, "partitions of the member that came back")


@suite.case("a static member is removed by an administrator")
def remove_member(session):
    topic, group, client = session.topic(2), session.group(), admin(session)
    first = Member(session, topic, group, group_instance_id="one")
    second = Member(session, topic, group, group_instance_id="two")
    settle([first, second], 2)
    second.end()
    gone, absent = MemberToRemove(group_instance_id="two"), MemberToRemove(group_instance_id="three")
    found = client.remove_group_members(group, [gone, absent])
    equal({member: error.__name__ for member, error in found.items()}, {"two": "NoError", "three": "UnknownMemberIdError"})
    settle([first], 2)


@suite.case("delete offsets of a group, not those of a topic that it reads")
def delete_offsets(session):
    topic, other, group, client = session.topic(2), session.topic(), session.group(), admin(session)
    outsider = consumer(session, group=group)
    outsider.commit({
        TopicPartition(topic, 0): OffsetAndMetadata(1, "", -1), TopicPartition(topic, 1): OffsetAndMetadata(2, "kept", -1),
        TopicPartition(other, 0): OffsetAndMetadata(3, "", -1),
    })
    def delete(*partitions):
        return {p: error.__name__ for p, error in client.delete_group_offsets(group, partitions).items()}
    def left():
        return {p: (kept.offset, kept.metadata) for p, kept in client.list_group_offsets([group])[group].items()}
    member = Member(session, topic, group)
    settle([member], 2)
    equal(delete(TopicPartition(topic, 0), TopicPartition(other, 0)),
          {TopicPartition(topic, 0): "GroupSubscribedToTopicError", TopicPartition(other, 0): "NoError"})
    member.end()
    equal(left(), {TopicPartition(topic, 0): (1, ""), TopicPartition(topic, 1): (2, "kept")})
    equal(delete(TopicPartition(topic, 0), TopicPartition(topic, 9)),
          {TopicPartition(topic, 0): "NoError", TopicPartition(topic, 9): "UnknownTopicOrPartitionError"})
    equal(left(), {TopicPartition(topic, 1): (2, "kept")})
    with raises(errors.GroupIdNotFoundError):
        client.delete_group_offsets(session.name("absent"), [TopicPartition(topic, 0)])


@suite.case("alter configs one by one")
def alter_configs(session):
    name, client = session.topic(retention_ms=1000), admin(session)
    def alter(**configs):
        changes = {key.replace("_", "."): change for key, change in configs.items()}
        return client.alter_configs([ConfigResource(ConfigResourceType.TOPIC, name, changes)], incremental=True)["topic"][name]
    def overridden():
        resource = ConfigResource(ConfigResourceType.TOPIC, name, None)
        found = client.describe_configs([resource], config_filter="all")["topic"][name]
        return {key: entry["value"] for key, entry in found.items() if entry["config_source"] == "DYNAMIC_TOPIC_CONFIG"}
    equal(alter(segment_ms=(AlterConfigOp.SET, "7000"), retention_ms=(AlterConfigOp.DELETE, None)), "OK")
    until_equal("the configs", overridden, {"segment.ms": "7000"})
    equal(alter(cleanup_policy=(AlterConfigOp.APPEND, "compact")), "OK")
    until_equal("the configs", overridden, {"segment.ms": "7000", "cleanup.policy": "delete,compact"})
    holds("InvalidConfigurationError" in alter(segment_ms=(AlterConfigOp.SET, "soon")), "an invalid value was taken")


@suite.case("list offsets of partitions")
def list_offsets(session):
    topic, client = session.topic(), admin(session)
    produce(producer(session), topic, *[{"value": b"v", "timestamp_ms": stamp} for stamp in (100, 300, 200)])
    partition = TopicPartition(topic, 0)
    for spec, expected in [
        (OffsetSpec.EARLIEST, (0, -1)), (OffsetSpec.LATEST, (3, -1)), (OffsetSpec.MAX_TIMESTAMP, (1, 300)), (150, (1, 300)),
    ]:
        found = client.list_partition_offsets({partition: spec})[partition]
        equal((found.offset, found.timestamp), expected, str(spec))


@suite.case("delete records")
def delete_records(session):
    topic, client = session.topic(), admin(session)
    produce(producer(session), topic, *[{"value": b"%d" % n} for n in range(5)])
    partition = TopicPartition(topic, 0)
    equal(client.delete_records({partition: 3})[partition]["low_watermark"], 3)
    equal(values(read(assigned(session, topic), 2)), [b"3", b"4"])
    # The position of a reader that stopped before is out of range.
    reader = assigned(session, topic)
    reader.seek(partition, 1)
    equal(values(read(reader, 2)), [b"3", b"4"])


@suite.case("an idempotent producer")
def idempotent(session):
    topic = session.topic()
    client = producer(session, enable_idempotence=True, acks="all", retries=5, linger_ms=1)
    equal(produce(client, topic, *[{"value": b"%d" % n} for n in range(1000)]), [(0, n) for n in range(1000)])
    found = admin(session).describe_producers([TopicPartition(topic, 0)])[TopicPartition(topic, 0)].active_producers
    equal([(p.last_sequence, p.current_transaction_start_offset) for p in found], [(999, -1)])


def writer(session, name=None, **config):
    made = producer(session, transactional_id=name or session.name("writer"), acks="all", enable_idempotence=True,
                    **{"retries": 5, "max_block_ms": PATIENCE * 1000, **config})
    made.init_transactions()
    return made


@suite.case("transactions: commit, abort, read_committed, read_uncommitted")
def transactions(session):
    topic, client = session.topic(), writer(session)
    for value, end in ((b"1", client.commit_transaction), (b"2", client.abort_transaction), (b"3", client.commit_transaction)):
        client.begin_transaction()
        produce(client, topic, {"value": value})
        end()
    committed = assigned(session, topic, isolation_level="read_committed")
    equal([(m.offset, m.value) for m in read(committed, 2)], [(0, b"1"), (4, b"3")])
    nothing_comes(committed)
    equal(values(read(assigned(session, topic, isolation_level="read_uncommitted"), 3)), [b"1", b"2", b"3"])


@suite.case("an open transaction, as an administrator sees it")
def open_transaction(session):
    topic, name, client = session.topic(2), session.name("writer"), admin(session)
    one = writer(session, name, transaction_timeout_ms=54_321)
    one.begin_transaction()
    produce(one, topic, {"value": b"v", "partition": 1})
    about = client.describe_transactions([name])[name]
    equal((about.state, about.transaction_timeout_ms, about.topic_partitions),
          (TransactionState.ONGOING, 54_321, {TopicPartition(topic, 1)}))
    def listed(**filters):
        found = [one for some in client.list_transactions(**filters).values() for one in some]
        return [(one.producer_id, one.state) for one in found if one.transactional_id == name]
    equal(listed(), [(about.producer_id, TransactionState.ONGOING)])
    equal(listed(state_filters=["Ongoing"]), [(about.producer_id, TransactionState.ONGOING)])
    equal(listed(state_filters=["CompleteCommit"]), [])
    def active():
        found = client.describe_producers([TopicPartition(topic, 1)])[TopicPartition(topic, 1)].active_producers
        return [(p.producer_id, p.producer_epoch, p.last_sequence, p.current_transaction_start_offset) for p in found]
    equal(active(), [(about.producer_id, about.producer_epoch, 0, 0)])
    def latest(level):
        partition = TopicPartition(topic, 1)
        return client.list_partition_offsets({partition: OffsetSpec.LATEST}, isolation_level=level)[partition].offset
    equal((latest(IsolationLevel.READ_COMMITTED), latest(IsolationLevel.READ_UNCOMMITTED)), (0, 1))
    one.commit_transaction()
    until("the end of the transaction", lambda: listed() == [(about.producer_id, TransactionState.COMPLETE_COMMIT)])
    until_equal("no open transaction in the partition", lambda: [p[3] for p in active()], [-1])
    with raises(errors.TransactionalIdNotFoundError):
        client.describe_transactions([session.name("absent")])


@suite.case("offsets in a transaction", each=["commit", "abort"])
def offsets(session, end):
    topic, group = session.topic(), session.group()
    produce(producer(session), topic, {"value": b"1"}, {"value": b"2"})
    reader = consumer(session, topic, group=group)
    equal(len(read(reader, 2)), 2)
    client = writer(session)
    client.begin_transaction()
    client.send_offsets_to_transaction({TopicPartition(topic, 0): OffsetAndMetadata(2, "m", -1)}, reader.group_metadata())
    client.commit_transaction() if end == "commit" else client.abort_transaction()
    other = consumer(session, group=group)
    if end == "commit":
        until_equal("the offset", lambda: other.committed(TopicPartition(topic, 0)), 2)
    else:
        equal(other.committed(TopicPartition(topic, 0)), None)


@suite.case("a second producer of the same id fences the first")
def fencing(session):
    topic, name = session.topic(), session.name("writer")
    zombie = writer(session, name)
    zombie.begin_transaction()
    produce(zombie, topic, {"value": b"zombie"})
    heir = writer(session, name)
    heir.begin_transaction()
    produce(heir, topic, {"value": b"heir"})
    heir.commit_transaction()
    with raises(errors.KafkaError):
        zombie.commit_transaction()
    reader = assigned(session, topic, isolation_level="read_committed")
    equal(values(read(reader, 1)), [b"heir"])
    nothing_comes(reader)

"""confluent-kafka's AdminClient: topics, configs, the cluster, offsets, records."""

import contextlib

from confluent_kafka import IsolationLevel, KafkaError, KafkaException, TopicCollection, TopicPartition
from confluent_kafka.admin import (
    AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, ConfigSource, NewPartitions, NewTopic, OffsetSpec, ResourceType,
)

from confluent_client import assigned, produce, produce_values, producer, read_to_end, result, suite, values
from support import PATIENCE, equal, holds, raises, until, until_equal


def create(session, name, partitions=1, replication=1, validate_only=False, **more):
    new = NewTopic(name, partitions, replication, **more)
    return result(session.admin.create_topics([new], request_timeout=PATIENCE, validate_only=validate_only))


def describe(session, topic):
    return result(session.admin.describe_topics(TopicCollection([topic]), request_timeout=PATIENCE))


def configs(session, topic, kind=ResourceType.TOPIC):
    return result(session.admin.describe_configs([ConfigResource(kind, topic)], request_timeout=PATIENCE))


def overrides(session, topic):
    """The configs that were set for the topic itself, as they are described."""
    return {
        name: entry.value for name, entry in configs(session, topic).items()
        if entry.source == ConfigSource.DYNAMIC_TOPIC_CONFIG.value
    }


def count(session, topic):
    about = session.admin.list_topics(timeout=PATIENCE).topics.get(topic)
    return len(about.partitions) if about else 0


@suite.case("create a topic with partitions")
def create_topic(session):
    name = session.topic_name()
    create(session, name, partitions=3)
    session.wait_for_topic(name, 3)
    about = describe(session, name)
    equal((about.name, about.is_internal), (name, False))
    equal([p.id for p in about.partitions], [0, 1, 2], "partitions")
    for partition in about.partitions:
        equal(len(partition.replicas), 1, "replicas")
        holds(partition.leader.id in session.broker_ids, "the leader is no broker of the cluster")
        equal([n.id for n in partition.isr], [partition.leader.id], "in-sync replicas")


@suite.case("create a topic with three replicas")
def create_replicated(session):
    session.needs_brokers(3)
    name = session.topic(6, replication=3)
    for partition in describe(session, name).partitions:
        replicas = [n.id for n in partition.replicas]
        equal(len(set(replicas)), 3, f"replicas of {partition.id}: {replicas}")
        equal(partition.leader.id, replicas[0], "the leader is the first replica")
    leaders = {partition.leader.id for partition in describe(session, name).partitions}
    equal(len(leaders), 3, "brokers that lead one of the six partitions")


@suite.case("create a topic with replicas assigned by hand")
def create_assigned(session):
    name, brokers = session.topic_name(), session.broker_ids
    assignment = [[brokers[0]], [brokers[-1]], [brokers[0]]]
    new = NewTopic(name, 3, replica_assignment=assignment)
    result(session.admin.create_topics([new], request_timeout=PATIENCE))
    session.wait_for_topic(name, 3)
    equal([[n.id for n in p.replicas] for p in describe(session, name).partitions], assignment)


@suite.case("create a topic with the broker's numbers of partitions and replicas")
def create_default(session):
    name = session.topic_name()
    create(session, name, partitions=-1, replication=-1)
    session.wait_for_topic(name, until("the partitions", lambda: count(session, name)))


@suite.case("create a topic with configs")
def create_with_configs(session):
    wanted = {"retention.ms": "3600000", "cleanup.policy": "compact,delete", "max.message.bytes": "2000000"}
    name = session.topic(**wanted)
    equal(overrides(session, name), wanted)


@suite.case("create a topic that exists is refused")
def create_existing(session):
    name = session.topic()
    with raises(KafkaError.TOPIC_ALREADY_EXISTS):
        create(session, name)


@suite.case("create several topics, one of which exists")
def create_several(session):
    old, new = session.topic(), session.topic_name()
    futures = session.admin.create_topics([NewTopic(old, 1, 1), NewTopic(new, 2, 1)], request_timeout=PATIENCE)
    with raises(KafkaError.TOPIC_ALREADY_EXISTS):
        result(futures, old)
    result(futures, new)
    session.wait_for_topic(new, 2)


@suite.case("create a topic with an invalid name is refused", each=[".", "..", "a b", "a/b", "é", "n" * 250])
def create_misnamed(session, name):
    with raises(KafkaError.TOPIC_EXCEPTION):
        create(session, name)


@suite.case("create a topic with the longest name")
def create_long_name(session):
    name = session.topic_name()
    session.topics[-1] = name = name + "n" * (249 - len(name))
    create(session, name)
    session.wait_for_topic(name, 1)


@suite.case("create a topic whose name differs only in . and _ is refused")
def create_colliding(session):
    session.topics += [dotted := session.name("t") + ".x", dotted.replace(".", "_")]
    create(session, dotted)
    with raises(KafkaError.TOPIC_EXCEPTION):
        create(session, session.topics[-1])


@suite.case("create a topic with more replicas than brokers is refused")
def create_over_replicated(session):
    with raises(KafkaError.INVALID_REPLICATION_FACTOR):
        create(session, session.topic_name(), replication=100)


@suite.case("create a topic with an unknown config is refused")
def create_unknown_config(session):
    with raises(KafkaError.INVALID_CONFIG):
        create(session, session.topic_name(), config={"no.such.config": "1"})


INVALID = [
    "retention.ms=soon", "retention.ms=-2", "cleanup.policy=burn", "compression.type=rar", "max.message.bytes=-1",
    "message.timestamp.type=Never", "min.insync.replicas=0", "min.cleanable.dirty.ratio=2", "segment.bytes=1",
]


@suite.case("create a topic with an invalid config is refused", each=INVALID)
def create_invalid_config(session, setting):
    with raises(KafkaError.INVALID_CONFIG):
        create(session, session.topic_name(), config=dict([setting.split("=")]))


@suite.case("validating the creation creates nothing")
def create_validate_only(session):
    name = session.topic_name()
    create(session, name, validate_only=True)
    with raises(KafkaError.INVALID_CONFIG):
        create(session, name, validate_only=True, config={"no.such.config": "1"})
    create(session, name)  # It would be refused if the topic were there.
    with raises(KafkaError.TOPIC_ALREADY_EXISTS):
        create(session, name, validate_only=True)


@suite.case("delete a topic")
def delete_topic(session):
    name = session.topic(2)
    produce_values(session, name, [b"old"])
    result(session.admin.delete_topics([name], request_timeout=PATIENCE))
    session.wait_for_no_topic(name)
    with raises(KafkaError.UNKNOWN_TOPIC_OR_PART):
        result(session.admin.delete_topics([name], request_timeout=PATIENCE))


@suite.case("a topic deleted and created again is empty and another")
def recreate_topic(session):
    name = session.topic()
    produce_values(session, name, [b"old"])
    before = str(describe(session, name).topic_id)
    result(session.admin.delete_topics([name], request_timeout=PATIENCE))
    session.wait_for_no_topic(name)
    create(session, name)
    session.wait_for_topic(name, 1)
    holds(str(describe(session, name).topic_id) != before, "the topic id is the old one")
    equal(values(read_to_end(session, name)), [])
    equal([(p, o) for _, p, o in produce_values(session, name, [b"new"])], [(0, 0)])


@suite.case("describe a topic that does not exist")
def describe_unknown(session):
    with raises(KafkaError.UNKNOWN_TOPIC_OR_PART):
        describe(session, session.name("absent"))


@suite.case("create partitions")
def create_partitions(session):
    name = session.topic(1)
    result(session.admin.create_partitions([NewPartitions(name, 3)], request_timeout=PATIENCE))
    session.wait_for_topic(name, 3)
    equal([p.id for p in describe(session, name).partitions], [0, 1, 2])


@suite.case("create partitions: not fewer, not the same number, not of a topic that does not exist")
def create_partitions_refused(session):
    name = session.topic(2)
    for count in (1, 2):
        with raises(KafkaError.INVALID_PARTITIONS):
            result(session.admin.create_partitions([NewPartitions(name, count)], request_timeout=PATIENCE))
    with raises(KafkaError.UNKNOWN_TOPIC_OR_PART):
        absent = NewPartitions(session.name("absent"), 3)
        result(session.admin.create_partitions([absent], request_timeout=PATIENCE))


@suite.case("describe the cluster")
def describe_cluster(session):
    about = session.admin.describe_cluster(request_timeout=PATIENCE).result(PATIENCE)
    metadata = session.admin.list_topics(timeout=PATIENCE)
    equal(sorted(n.id for n in about.nodes), sorted(metadata.brokers), "nodes and brokers")
    equal(about.cluster_id, metadata.cluster_id, "cluster id")
    equal(len(about.cluster_id), 22, "length of the cluster id")
    holds(about.controller.id in metadata.brokers, "the controller is no broker")
    holds(metadata.controller_id in metadata.brokers, "the controller of the metadata is no broker")


@suite.case("describe authorized operations")
def describe_operations(session):
    name = session.topic()
    about = result(session.admin.describe_topics(
        TopicCollection([name]), include_authorized_operations=True, request_timeout=PATIENCE))
    names = {operation.name for operation in about.authorized_operations}
    equal(names, {"READ", "WRITE", "CREATE", "DELETE", "ALTER", "DESCRIBE", "DESCRIBE_CONFIGS", "ALTER_CONFIGS"})
    equal(describe(session, name).authorized_operations, None)


@suite.case("describe the configs of a topic")
def describe_topic_configs(session):
    name = session.topic(retention_bytes=1000)
    found = configs(session, name)
    defaults = {
        "cleanup.policy": "delete", "compression.type": "producer", "delete.retention.ms": "86400000",
        "file.delete.delay.ms": "60000", "flush.messages": "9223372036854775807", "index.interval.bytes": "4096",
        "max.compaction.lag.ms": "9223372036854775807", "max.message.bytes": "1048588", "message.timestamp.type": "CreateTime",
        "min.cleanable.dirty.ratio": "0.5", "min.compaction.lag.ms": "0", "preallocate": "false", "retention.ms": "604800000",
        "segment.bytes": "1073741824", "segment.ms": "604800000", "unclean.leader.election.enable": "false",
    }
    equal({key: found[key].value for key in defaults}, defaults)
    equal({found[key].source for key in defaults}, {ConfigSource.DEFAULT_CONFIG.value}, "sources of the defaults")
    equal((found["retention.bytes"].value, found["retention.bytes"].source), ("1000", ConfigSource.DYNAMIC_TOPIC_CONFIG.value))
    holds(found["cleanup.policy"].is_default and not found["retention.bytes"].is_default, "is_default")


@suite.case("describe the configs of a topic that does not exist")
def describe_absent_configs(session):
    with raises(KafkaError.UNKNOWN_TOPIC_OR_PART):
        configs(session, session.name("absent"))


@suite.case("describe the configs of a broker")
def describe_broker_configs(session):
    found = configs(session, str(session.broker_ids[0]), ResourceType.BROKER)
    equal(found["node.id"].value if "node.id" in found else found["broker.id"].value, str(session.broker_ids[0]))
    holds(int(found["num.partitions"].value) >= 1, "num.partitions")


@suite.case("alter all configs of a topic")
def alter_configs(session):
    name = session.topic(retention_ms=1000, cleanup_policy="compact")
    wanted = {"retention.bytes": "5000", "cleanup.policy": "delete"}
    result(session.admin.alter_configs([ConfigResource(ResourceType.TOPIC, name, set_config=wanted)], request_timeout=PATIENCE))
    until_equal("the configs of the topic", lambda: overrides(session, name), wanted)


def incremental(session, topic, *operations):
    entries = [ConfigEntry(name, value, incremental_operation=kind) for kind, name, value in operations]
    resource = ConfigResource(ResourceType.TOPIC, topic, incremental_configs=entries)
    return result(session.admin.incremental_alter_configs([resource], request_timeout=PATIENCE))


@suite.case("alter configs one by one: set, delete, append, subtract")
def alter_incrementally(session):
    name = session.topic(retention_ms=1000, retention_bytes=1000)
    incremental(
        session, name, (AlterConfigOpType.SET, "segment.ms", "7000"), (AlterConfigOpType.DELETE, "retention.ms", None),
        (AlterConfigOpType.APPEND, "cleanup.policy", "compact"),
    )
    until_equal("the configs of the topic", lambda: overrides(session, name), {
        "retention.bytes": "1000", "segment.ms": "7000", "cleanup.policy": "delete,compact",
    })
    incremental(session, name, (AlterConfigOpType.SUBTRACT, "cleanup.policy", "delete"))
    until_equal("the configs of the topic", lambda: overrides(session, name), {
        "retention.bytes": "1000", "segment.ms": "7000", "cleanup.policy": "compact",
    })


@suite.case("alter configs: what is invalid is refused and changes nothing")
def alter_refused(session):
    name = session.topic(retention_ms=1000)
    good = (AlterConfigOpType.SET, "segment.ms", "7000")
    with raises(KafkaError.INVALID_CONFIG, "an unknown name"):
        incremental(session, name, good, (AlterConfigOpType.SET, "no.such.config", "1"))
    with raises(KafkaError.INVALID_CONFIG, "an invalid value"):
        incremental(session, name, good, (AlterConfigOpType.SET, "retention.ms", "soon"))
    with raises(KafkaError.INVALID_CONFIG, "append to what is no list"):
        incremental(session, name, good, (AlterConfigOpType.APPEND, "retention.ms", "1"))
    with raises(KafkaError.UNKNOWN_TOPIC_OR_PART, "an unknown topic"):
        incremental(session, session.name("absent"), good)
    equal(overrides(session, name), {"retention.ms": "1000"})


@suite.case("list offsets: earliest, latest, by timestamp, of the greatest timestamp")
def list_offsets(session):
    name = session.topic(2)
    messages = [{"value": b"v", "partition": 0, "timestamp": stamp} for stamp in (1000, 3000, 2000, 4000)]
    produce(producer(session), name, messages)
    expected = [
        (OffsetSpec.earliest(), 0, -1), (OffsetSpec.latest(), 4, -1), (OffsetSpec.for_timestamp(0), 0, 1000),
        (OffsetSpec.for_timestamp(1001), 1, 3000), (OffsetSpec.for_timestamp(3001), 3, 4000),
        (OffsetSpec.for_timestamp(4001), -1, -1), (OffsetSpec.max_timestamp(), 3, 4000),
    ]
    for spec, offset, timestamp in expected:
        found = result(session.admin.list_offsets({TopicPartition(name, 0): spec}, request_timeout=PATIENCE))
        equal((found.offset, found.timestamp), (offset, timestamp), f"{type(spec).__name__} {spec._value}")
    for spec, offset in ((OffsetSpec.earliest(), 0), (OffsetSpec.latest(), 0), (OffsetSpec.max_timestamp(), -1)):
        found = result(session.admin.list_offsets({TopicPartition(name, 1): spec}, request_timeout=PATIENCE))
        equal(found.offset, offset, f"{type(spec).__name__} of an empty partition")


@suite.case("list offsets of a partition that does not exist")
def list_offsets_unknown(session):
    name = session.topic()
    for partition in (TopicPartition(session.name("absent"), 0), TopicPartition(name, 7)):
        with raises(KafkaException, str(partition)):
            result(session.admin.list_offsets({partition: OffsetSpec.latest()}, request_timeout=3))


@suite.case("list offsets of committed messages only")
def list_offsets_committed(session):
    name = session.topic()
    produce_values(session, name, [b"before"])
    writer = producer(session, transactional_id=session.name("writer"))
    writer.init_transactions(PATIENCE)
    writer.begin_transaction()
    produce(writer, name, [{"value": b"1"}, {"value": b"2"}])
    def latest(level):
        futures = session.admin.list_offsets(
            {TopicPartition(name, 0): OffsetSpec.latest()}, isolation_level=level, request_timeout=PATIENCE)
        return result(futures).offset
    equal(latest(IsolationLevel.READ_COMMITTED), 1, "the last stable offset, transaction open")
    equal(latest(IsolationLevel.READ_UNCOMMITTED), 3, "the high watermark, transaction open")
    writer.commit_transaction(PATIENCE)
    # The answer to the commit does not wait for the markers.
    until_equal("the last stable offset, committed", lambda: latest(IsolationLevel.READ_COMMITTED), 4)


@suite.case("delete records")
def delete_records(session):
    name = session.topic()
    produce_values(session, name, [b"%d" % n for n in range(10)])
    def delete(offset):
        return result(session.admin.delete_records([TopicPartition(name, 0, offset)], request_timeout=PATIENCE)).low_watermark
    equal(delete(4), 4, "low watermark")
    equal(values(read_to_end(session, name)), [b"%d" % n for n in range(4, 10)])
    equal(delete(2), 4, "low watermark after a lower offset")
    with raises(KafkaError.OFFSET_OUT_OF_RANGE):
        delete(11)
    equal(delete(-1), 10, "low watermark after deleting everything")
    equal(values(read_to_end(session, name)), [])
    equal([o for _, _, o in produce_values(session, name, [b"next"])], [10])
    equal(assigned(session, name).get_watermark_offsets(TopicPartition(name, 0), PATIENCE), (10, 11))


@suite.case("SASL/PLAIN: the right password")
def sasl_right(session):
    session.needs_sasl()
    name = session.topic()
    config = sasl(session, session.password)
    produce_values(session, name, [b"let in"], **config)
    equal(values(read_to_end(session, name, **config)), [b"let in"])


@suite.case("SASL/PLAIN: a wrong password")
def sasl_wrong(session):
    session.needs_sasl()
    errors = []
    config = {key.replace("_", "."): value for key, value in sasl(session, "not " + session.password).items()}
    client = AdminClient({**config, "log_level": 0, "error_cb": lambda error: errors.append(error.code())})
    def refused():
        with contextlib.suppress(KafkaException):
            client.list_topics(timeout=0.5)
            raise AssertionError("metadata without the right password")
        client.poll(0)
        return KafkaError._AUTHENTICATION in errors
    until("the refusal", refused)


def sasl(session, password):
    return {
        "bootstrap_servers": session.sasl_brokers, "security_protocol": "SASL_PLAINTEXT", "sasl_mechanism": "PLAIN",
        "sasl_username": session.user, "sasl_password": password,
    }

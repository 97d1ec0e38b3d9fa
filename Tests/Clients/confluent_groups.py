"""confluent-kafka: consumer groups, their offsets and their administration."""

import subprocess
import sys
import time

import confluent_kafka
from confluent_kafka import ConsumerGroupState, ConsumerGroupTopicPartitions, KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import NewPartitions, NewTopic

from confluent_client import code_of, consumer, produce, produce_values, producer, read, result, suite, values
from support import PATIENCE, SESSION_TIMEOUT_MS, Deadline, assigned_once, equal, holds, raises, until, until_equal


class Member:
    """A consumer that subscribed, with what it was told and what it read."""

    def __init__(self, session, group, topics, **config):
        self.assignments = 0
        self.revocations = 0
        self.lost = 0
        self.messages = []
        self.errors = []
        self.client = consumer(session, group=group, **config)
        self.client.subscribe(topics, on_assign=self.on_assign, on_revoke=self.on_revoke, on_lost=self.on_lost)

    def on_assign(self, _, partitions):
        self.assignments += 1

    def on_revoke(self, client, partitions):
        self.revocations += 1
        self.commit()

    def on_lost(self, _, partitions):
        self.lost += 1

    @property
    def owned(self):
        return sorted(partition.partition for partition in self.client.assignment())

    def commit(self):
        """What was read; there may be nothing new."""
        try:
            self.client.commit(asynchronous=False)
        except KafkaException as error:
            if code_of(error) != KafkaError._NO_OFFSET:
                raise

    def turn(self):
        message = self.client.poll(0.01)
        if message is not None:
            (self.errors if message.error() else self.messages).append(message.error() or message)


def turn_until(members, what, condition, seconds=PATIENCE):
    """Lets every member poll, in turn, until the condition holds."""
    deadline = Deadline(seconds, what)
    while not condition():
        for member in members:
            member.turn()
        deadline.check(([member.owned for member in members], [member.errors for member in members]))


def settle(members, partitions):
    """Until every partition has one owner, in shares as equal as can be."""
    least, most = partitions // len(members), -(-partitions // len(members))
    def settled():
        owned = [member.owned for member in members]
        return assigned_once(owned, partitions) and all(least <= len(share) <= most for share in owned)
    turn_until(members, f"{partitions} partitions for {len(members)} members", settled)


def describe(session, group):
    return result(session.admin.describe_consumer_groups([group], request_timeout=PATIENCE))


def describe_turning(session, members, group, state=ConsumerGroupState.STABLE):
    """The group in the state; its members go on polling meanwhile."""
    found = []
    def arrived():
        found.append(describe(session, group))
        return found[-1].state == state
    turn_until(members, f"the group {state.name}", arrived)
    return found[-1]


def offsets_of(session, group):
    found = result(session.admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(group)], request_timeout=PATIENCE))
    return sorted((p.topic, p.partition, p.offset) for p in found.topic_partitions)


@suite.case("a group of two, three, two, one members", each=["range", "roundrobin", "cooperative-sticky"])
def grow_and_shrink(session, strategy):
    topic, group = session.topic(6), session.group()
    sent, members = [], []
    everybody = []
    def member():
        everybody.append(Member(session, group, [topic], partition_assignment_strategy=strategy))
        members.append(everybody[-1])
    def share_messages():
        settle(members, 6)
        new = [{"value": b"%d-%d" % (len(sent) + n, n % 6), "partition": n % 6} for n in range(12)]
        sent.extend(message["value"] for message in new)
        produce(producer(session), topic, new)
        def read_values():
            return [value for one in everybody for value in values(one.messages)]
        turn_until(members, "every message", lambda: set(read_values()) == set(sent))
        # librdkafka may hand out a message of a fetch from before a rebalance, if the partition comes back to the member.
        twice = len(read_values()) - len(sent)
        holds(twice <= 2, f"{twice} messages were read twice")
        for one in members:
            one.commit()
    member()
    member()
    share_messages()
    member()
    share_messages()
    members.pop().client.close()
    share_messages()
    members.pop(0).client.close()
    share_messages()
    equal(offsets_of(session, group), [(topic, partition, 8) for partition in range(6)])
    about = describe_turning(session, members, group)
    equal((about.partition_assignor, len(about.members)), (strategy, 1))
    # Nothing more happens once a rebalance is over.
    before = members[0].assignments
    end = time.monotonic() + 0.5
    while time.monotonic() < end:
        members[0].turn()
    equal(members[0].assignments, before, "rebalances")
    equal([error for one in everybody for error in one.errors], [], "errors")


@suite.case("more members than partitions")
def idle_member(session):
    topic, group = session.topic(2), session.group()
    members = [Member(session, group, [topic]) for _ in range(3)]
    settle(members, 2)
    about = describe_turning(session, members, group)
    equal(sorted(len(m.assignment.topic_partitions) for m in about.members), [0, 1, 1])


@suite.case("the assignor that all members know is chosen")
def common_strategy(session):
    topic, group = session.topic(4), session.group()
    members = [Member(session, group, [topic], partition_assignment_strategy="range,roundrobin")]
    settle(members, 4)
    equal(describe_turning(session, members, group).partition_assignor, "range")
    members.append(Member(session, group, [topic], partition_assignment_strategy="roundrobin"))
    settle(members, 4)
    equal(describe_turning(session, members, group).partition_assignor, "roundrobin")


@suite.case("a member without a common assignor is refused")
def no_common_strategy(session):
    topic, group = session.topic(2), session.group()
    first = Member(session, group, [topic], partition_assignment_strategy="range")
    settle([first], 2)
    second = Member(session, group, [topic], partition_assignment_strategy="cooperative-sticky")
    turn_until([first, second], "the error", lambda: second.errors)
    equal(second.errors[0].code(), KafkaError.INCONSISTENT_GROUP_PROTOCOL)
    equal((first.owned, first.errors), ([0, 1], []))


@suite.case("a static member comes back without a rebalance", each=["range", "cooperative-sticky"])
def static_member(session, strategy):
    topic, group = session.topic(4), session.group()
    config = {"partition_assignment_strategy": strategy}
    first = Member(session, group, [topic], group_instance_id="one", **config)
    second = Member(session, group, [topic], group_instance_id="two", **config)
    settle([first, second], 4)
    about = describe_turning(session, [first, second], group)
    equal(sorted(m.group_instance_id for m in about.members), ["one", "two"])
    before, share = (first.assignments, first.revocations), second.owned
    second.client.close()
    equal(len(describe(session, group).members), 2, "members while the second is away")
    second = Member(session, group, [topic], group_instance_id="two", **config)
    settle([first, second], 4)
    equal(second.owned, share, "partitions of the member that came back")
    equal((first.assignments, first.revocations), before, "rebalances seen by the other")


@suite.case("a second static member of the same name fences the first")
def static_fencing(session):
    topic, group = session.topic(2), session.group()
    first = Member(session, group, [topic], group_instance_id="one")
    settle([first], 2)
    second = Member(session, group, [topic], group_instance_id="one")
    turn_until([first, second], "the first to be fenced and the second to own all", lambda: first.errors and second.owned == [0, 1])
    equal(first.errors[0].code(), KafkaError._FATAL)
    equal(len(describe(session, group).members), 1, "members")


MEMBER = """
import confluent_kafka, sys
client = confluent_kafka.Consumer({
    "bootstrap.servers": sys.argv[1], "group.id": sys.argv[2], "session.timeout.ms": int(sys.argv[4]), "heartbeat.interval.ms": 500})
client.subscribe([sys.argv[3]])
while True:
    client.poll(1)
"""


@suite.case("a member that dies loses its partitions after the session timeout")
def killed_member(session):
    topic, group = session.topic(4), session.group()
    first = Member(session, group, [topic])
    settle([first], 4)
    process = subprocess.Popen([sys.executable, "-c", MEMBER, session.brokers, group, topic, str(SESSION_TIMEOUT_MS)])
    try:
        turn_until([first], "the other to have its share", lambda: len(first.owned) == 2)
        process.kill()
        start = time.monotonic()
        turn_until([first], "all partitions", lambda: len(first.owned) == 4)
        waited = time.monotonic() - start
        holds(SESSION_TIMEOUT_MS / 1000 - 1.5 < waited < SESSION_TIMEOUT_MS / 1000 + 4, f"after {waited:.1f} s")
    finally:
        process.kill()
        process.wait()


@suite.case("a group notices new partitions and new topics")
def new_partitions(session):
    prefix, group = session.name("many"), session.group()
    session.topics += [prefix + "-1", prefix + "-2"]
    def owned(member):
        return sorted((p.topic[-1], p.partition) for p in member.client.assignment())
    result(session.admin.create_topics([NewTopic(prefix + "-1", 1, 1)], request_timeout=PATIENCE))
    session.wait_for_topic(prefix + "-1", 1)
    member = Member(session, group, [f"^{prefix}-.*"], topic_metadata_refresh_interval_ms=200)
    turn_until([member], "the first topic", lambda: owned(member) == [("1", 0)])
    result(session.admin.create_partitions([NewPartitions(prefix + "-1", 2)], request_timeout=PATIENCE))
    turn_until([member], "the new partition", lambda: owned(member) == [("1", 0), ("1", 1)])
    result(session.admin.create_topics([NewTopic(prefix + "-2", 1, 1)], request_timeout=PATIENCE))
    turn_until([member], "the new topic", lambda: owned(member) == [("1", 0), ("1", 1), ("2", 0)])


@suite.case("commit, committed, resume")
def resume(session):
    topic, group = session.topic(), session.group()
    produce_values(session, topic, [b"%d" % n for n in range(10)])
    first = consumer(session, group=group)
    equal(first.committed([TopicPartition(topic, 0)], PATIENCE)[0].offset, confluent_kafka.OFFSET_INVALID)
    first.subscribe([topic])
    equal(values(read(first, 10)), [b"%d" % n for n in range(10)])
    first.commit(offsets=[TopicPartition(topic, 0, 4, "half way")], asynchronous=False)
    first.close()
    second = consumer(session, group=group)
    found = second.committed([TopicPartition(topic, 0)], PATIENCE)[0]
    equal((found.offset, found.metadata), (4, "half way"))
    second.subscribe([topic])
    equal(values(read(second, 6)), [b"%d" % n for n in range(4, 10)])
    second.commit(asynchronous=False)
    equal(offsets_of(session, group), [(topic, 0, 10)])


@suite.case("automatic commits: the offsets of what was handed out are committed on close")
def auto_commit(session):
    topic, group = session.topic(), session.group()
    produce_values(session, topic, [b"1", b"2", b"3"])
    first = consumer(session, group=group, enable_auto_commit=True)
    first.subscribe([topic])
    equal(len(read(first, 3)), 3)
    first.close()
    equal(offsets_of(session, group), [(topic, 0, 3)])


@suite.case("two groups each get everything")
def two_groups(session):
    topic = session.topic(3)
    sent = [b"%d" % n for n in range(30)]
    produce(producer(session), topic, [{"value": value, "partition": n % 3} for n, value in enumerate(sent)])
    members = [Member(session, session.group(), [topic]) for _ in range(2)]
    turn_until(members, "all messages", lambda: all(len(member.messages) >= 30 for member in members))
    for member in members:
        equal(sorted(values(member.messages)), sorted(sent))


@suite.case("a group without offsets starts where auto.offset.reset says", each=["earliest", "latest", "error"])
def reset(session, policy):
    topic = session.topic()
    produce_values(session, topic, [b"old"])
    member = Member(session, session.group(), [topic], auto_offset_reset=policy, enable_partition_eof=policy == "latest")
    if policy == "latest":
        settle([member], 1)
        # It has looked up the end once it reports that it is there.
        turn_until([member], "the end", lambda: member.errors)
        equal([error.code() for error in member.errors], [KafkaError._PARTITION_EOF])
        member.errors.clear()
        produce_values(session, topic, [b"new"])
    turn_until([member], "a message or an error", lambda: member.messages or member.errors)
    if policy == "latest":
        member.errors.clear()
    if policy == "error":
        equal([error.code() for error in member.errors], [KafkaError._AUTO_OFFSET_RESET])
    else:
        equal((values(member.messages), member.errors), ([b"new" if policy == "latest" else b"old"], []))


@suite.case("commits of a consumer that is no member of a group")
def commit_without_membership(session):
    topic, group = session.topic(), session.group()
    outsider = consumer(session, group=group)
    outsider.commit(offsets=[TopicPartition(topic, 0, 7)], asynchronous=False)
    equal(offsets_of(session, group), [(topic, 0, 7)])
    member = Member(session, group, [topic])
    settle([member], 1)
    with raises(KafkaError.UNKNOWN_MEMBER_ID, code=code_of):
        outsider.commit(offsets=[TopicPartition(topic, 0, 8)], asynchronous=False)
    equal(offsets_of(session, group), [(topic, 0, 7)])


@suite.case("a commit for a partition that does not exist")
def commit_unknown(session):
    topic, group = session.topic(), session.group()
    client = consumer(session, group=group)
    with raises(KafkaError.UNKNOWN_TOPIC_OR_PART, code=code_of):
        client.commit(offsets=[TopicPartition(topic, 9, 1), TopicPartition(topic, 0, 1)], asynchronous=False)
    equal(offsets_of(session, group), [(topic, 0, 1)])


@suite.case("describe a group: stable, empty, dead")
def describe_group(session):
    topic, group = session.topic(2), session.group()
    member = Member(session, group, [topic], client_id="the-client")
    settle([member], 2)
    about = describe_turning(session, [member], group)
    equal((about.group_id, about.is_simple_consumer_group, about.partition_assignor), (group, False, "range"))
    holds(about.coordinator.id in session.broker_ids, "the coordinator is no broker")
    equal(about.type, confluent_kafka.ConsumerGroupType.CLASSIC)
    one = about.members[0]
    equal((one.client_id, one.member_id[:11], one.group_instance_id), ("the-client", "the-client-", None))
    equal(sorted((p.topic, p.partition) for p in one.assignment.topic_partitions), [(topic, 0), (topic, 1)])
    member.client.close()
    about = until("the group to be empty", lambda: (a := describe(session, group)).state == ConsumerGroupState.EMPTY and a)
    equal(about.members, [])
    equal(describe(session, session.group()).state, ConsumerGroupState.DEAD)


def listed(session, **filters):
    found = session.admin.list_consumer_groups(request_timeout=PATIENCE, **filters).result(PATIENCE)
    equal(found.errors, [], "errors of the listing")
    return {group.group_id: group.state for group in found.valid}


@suite.case("list groups, also by state")
def list_groups(session):
    topic, busy, idle = session.topic(), session.group(), session.group()
    consumer(session, group=idle).commit(offsets=[TopicPartition(topic, 0, 1)], asynchronous=False)
    member = Member(session, busy, [topic])
    settle([member], 1)
    describe_turning(session, [member], busy)
    def ours(**filters):
        return {group: state for group, state in listed(session, **filters).items() if group in (busy, idle)}
    equal(ours(), {busy: ConsumerGroupState.STABLE, idle: ConsumerGroupState.EMPTY})
    equal(ours(states={ConsumerGroupState.EMPTY}), {idle: ConsumerGroupState.EMPTY})
    equal(ours(states={ConsumerGroupState.STABLE}), {busy: ConsumerGroupState.STABLE})
    equal(ours(types={confluent_kafka.ConsumerGroupType.CLASSIC}).keys(), {busy, idle})
    equal(ours(types={confluent_kafka.ConsumerGroupType.CONSUMER}), {})


@suite.case("delete a group: not with members, not twice")
def delete_group(session):
    topic, group = session.topic(), session.group()
    member = Member(session, group, [topic])
    settle([member], 1)
    member.client.commit(offsets=[TopicPartition(topic, 0, 0)], asynchronous=False)
    def delete():
        result(session.admin.delete_consumer_groups([group], request_timeout=PATIENCE))
    with raises(KafkaError.NON_EMPTY_GROUP):
        delete()
    member.client.close()
    until("the group to be empty", lambda: describe(session, group).state == ConsumerGroupState.EMPTY)
    delete()
    holds(group not in listed(session), "it is still listed")
    equal(offsets_of(session, group), [])
    with raises(KafkaError.GROUP_ID_NOT_FOUND):
        delete()


@suite.case("alter the offsets of a group: not while it has members")
def alter_offsets(session):
    topic, group = session.topic(2), session.group()
    produce_values(session, topic, [b"x"] * 5)
    def alter(offset):
        wanted = ConsumerGroupTopicPartitions(group, [TopicPartition(topic, 1, offset)])
        found = result(session.admin.alter_consumer_group_offsets([wanted], request_timeout=PATIENCE))
        return [p.error and p.error.code() for p in found.topic_partitions]
    equal(alter(3), [None])
    equal(offsets_of(session, group), [(topic, 1, 3)])
    member = Member(session, group, [topic])
    settle([member], 2)
    equal(alter(4), [KafkaError.UNKNOWN_MEMBER_ID])
    equal(offsets_of(session, group), [(topic, 1, 3)])


@suite.case("the offsets of a deleted topic go with it")
def offsets_of_deleted_topic(session):
    kept, gone, group = session.topic(), session.topic(), session.group()
    client = consumer(session, group=group)
    client.commit(offsets=[TopicPartition(kept, 0, 1), TopicPartition(gone, 0, 1)], asynchronous=False)
    equal(len(offsets_of(session, group)), 2)
    result(session.admin.delete_topics([gone], request_timeout=PATIENCE))
    until_equal("the offsets that are left", lambda: offsets_of(session, group), [(kept, 0, 1)])

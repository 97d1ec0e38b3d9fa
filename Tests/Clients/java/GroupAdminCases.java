import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.GroupSubscribedToTopicException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** What an administrator sees of groups, and does with them. */
final class GroupAdminCases {
    private GroupAdminCases() {}

    static void addTo(Suite suite) {
        suite.add("list groups, also by state and type", GroupAdminCases::list);
        suite.add("describe a group: stable, empty, not there", GroupAdminCases::describe);
        suite.add("delete a group: not with members, not twice", GroupAdminCases::delete);
        suite.add("alter the offsets of a group: not while it has members", GroupAdminCases::alterOffsets);
        suite.add("delete offsets of a group: not of a topic that it reads", GroupAdminCases::deleteOffsets);
    }

    static ConsumerGroupDescription describe(Session session, String group) throws Exception {
        return Check.get(session.admin.describeConsumerGroups(List.of(group)).describedGroups().get(group));
    }

    /** The group when no rebalance is under way: its members may know before all of them do. */
    static ConsumerGroupDescription stable(Session session, String group) throws Exception {
        Check.untilEqual("the state", GroupState.STABLE, () -> describe(session, group).groupState());
        return describe(session, group);
    }

    static Map<TopicPartition, Long> offsets(Session session, String group) throws Exception {
        Map<TopicPartition, Long> found = new HashMap<>();
        Check.get(session.admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata()).forEach((partition, offset) -> {
            if (offset != null) {
                found.put(partition, offset.offset());
            }
        });
        return found;
    }

    private static Map<String, GroupState> listed(Session session, Set<String> ours, ListGroupsOptions options) throws Exception {
        Map<String, GroupState> found = new HashMap<>();
        for (GroupListing group : Check.get(session.admin.listGroups(options).all())) {
            if (ours.contains(group.groupId())) {
                found.put(group.groupId(), group.groupState().orElse(null));
            }
        }
        return found;
    }

    private static void list(Session session) throws Exception {
        String topic = session.topic(1);
        String busy = session.group();
        String idle = session.group();
        session.consumer(idle).commitSync(Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(1)));
        Member.settle(List.of(new Member(session, busy, topic)), topic, 1);
        stable(session, busy);
        Set<String> ours = Set.of(busy, idle);
        Map<String, GroupState> both = Map.of(busy, GroupState.STABLE, idle, GroupState.EMPTY);
        Check.equal(listed(session, ours, new ListGroupsOptions()), both, "all");
        Check.equal(listed(session, ours, ListGroupsOptions.forConsumerGroups()), both, "groups of consumers");
        Check.equal(listed(session, ours, new ListGroupsOptions().inGroupStates(Set.of(GroupState.EMPTY))),
            Map.of(idle, GroupState.EMPTY), "empty ones");
        Check.equal(listed(session, ours, new ListGroupsOptions().inGroupStates(Set.of(GroupState.STABLE))),
            Map.of(busy, GroupState.STABLE), "stable ones");
        Check.equal(listed(session, ours, new ListGroupsOptions().withTypes(Set.of(GroupType.CLASSIC))), both, "classic ones");
        Check.equal(listed(session, ours, new ListGroupsOptions().withTypes(Set.of(GroupType.CONSUMER))), Map.of(), "new ones");
    }

    private static void describe(Session session) throws Exception {
        String topic = session.topic(2);
        String group = session.group();
        Member member = new Member(session, group, topic, "client.id", "the-client");
        Member.settle(List.of(member), topic, 2);
        ConsumerGroupDescription about = stable(session, group);
        Check.equal(about.groupId(), group, "name");
        Check.equal(about.partitionAssignor(), "range", "assignor");
        Check.equal(about.isSimpleConsumerGroup(), false, "simple");
        Check.equal(about.type(), GroupType.CLASSIC, "type");
        Check.holds(session.brokerIds().contains(about.coordinator().id()), "the coordinator is no broker");
        Check.equal(about.members().size(), 1, "members");
        MemberDescription one = about.members().iterator().next();
        Check.equal(one.clientId(), "the-client", "client id");
        Check.holds(one.consumerId().startsWith("the-client-"), "member id " + one.consumerId());
        Check.equal(one.assignment().topicPartitions(), Set.copyOf(Flow.partitionsOf(topic, 2)), "assignment");
        member.leave();
        Check.untilEqual("the state", GroupState.EMPTY, () -> describe(session, group).groupState());
        Check.equal(describe(session, group).members().size(), 0, "members of the empty group");
        Check.raises(GroupIdNotFoundException.class, "describe a group that is not there", () -> {
            ConsumerGroupDescription none = describe(session, session.name("absent"));
            // Until version 6 of the request, of Kafka 4.0, a broker says so by a state.
            if (none.groupState() == GroupState.DEAD) {
                throw new GroupIdNotFoundException("dead");
            }
        });
    }

    private static void delete(Session session) throws Exception {
        String topic = session.topic(1);
        String group = session.group();
        Member member = new Member(session, group, topic);
        Flow.send(session.producer(), topic, "1");
        Check.untilEqual("the offsets", Map.of(new TopicPartition(topic, 0), 1L), () -> offsets(session, group));
        Check.Action delete = () -> Check.get(session.admin.deleteConsumerGroups(List.of(group)).all());
        Check.raises(GroupNotEmptyException.class, "delete a group with a member", delete);
        member.isWell();
        member.leave();
        Check.untilEqual("the state", GroupState.EMPTY, () -> describe(session, group).groupState());
        delete.run();
        Check.equal(listed(session, Set.of(group), new ListGroupsOptions()), Map.of(), "what is listed of it");
        Check.raises(GroupIdNotFoundException.class, "delete it again", delete);
    }

    private static void alterOffsets(Session session) throws Exception {
        String topic = session.topic(2);
        String group = session.group();
        TopicPartition partition = new TopicPartition(topic, 1);
        Flow.send(session.producer(), Flow.numbered(topic, 2, 0, 10));
        Check.get(session.admin.alterConsumerGroupOffsets(group, Map.of(partition, new OffsetAndMetadata(3, "by hand"))).all());
        Check.equal(
            Check.get(session.admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata()).get(partition).metadata(), "by hand",
            "metadata");
        Check.raises(UnknownTopicOrPartitionException.class, "an offset of a partition that is not there", () -> Check.get(
            session.admin.alterConsumerGroupOffsets(group, Map.of(new TopicPartition(topic, 9), new OffsetAndMetadata(1))).all()));
        Member member = new Member(session, group, topic);
        Check.untilEqual("number of records from the offset on", 5 + 2, () -> member.records().size());
        Check.raises(UnknownMemberIdException.class, "altering beside a member", () -> Check.get(
            session.admin.alterConsumerGroupOffsets(group, Map.of(partition, new OffsetAndMetadata(4))).all()));
        Check.untilEqual("the offsets", Map.of(partition, 5L, new TopicPartition(topic, 0), 5L), () -> offsets(session, group));
    }

    private static void deleteOffsets(Session session) throws Exception {
        String read = session.topic(1);
        String other = session.topic(1);
        String group = session.group();
        TopicPartition first = new TopicPartition(read, 0);
        TopicPartition second = new TopicPartition(other, 0);
        try (KafkaConsumer<String, String> consumer = session.consumer(group)) {
            consumer.commitSync(Map.of(first, new OffsetAndMetadata(1), second, new OffsetAndMetadata(1)));
        }
        Member member = new Member(session, group, read);
        Member.settle(List.of(member), read, 1);
        Check.get(session.admin.deleteConsumerGroupOffsets(group, Set.of(second)).all());
        Check.raises(GroupSubscribedToTopicException.class, "an offset of a topic that is read",
            () -> Check.get(session.admin.deleteConsumerGroupOffsets(group, Set.of(first)).partitionResult(first)));
        Check.equal(offsets(session, group), Map.of(first, 1L), "offsets with a member");
        member.leave();
        Check.untilEqual("the state", GroupState.EMPTY, () -> describe(session, group).groupState());
        Check.get(session.admin.deleteConsumerGroupOffsets(group, Set.of(first)).all());
        Check.untilEqual("offsets in the end", Map.of(), () -> offsets(session, group));
    }
}

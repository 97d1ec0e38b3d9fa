import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.apache.kafka.common.errors.UnknownMemberIdException;

/** Members that come, go, come back and are sent away. */
final class MembershipCases {
    private static final String STRATEGY = "partition.assignment.strategy";
    private static final Map<String, String> ASSIGNORS = Map.of(
        "range", "org.apache.kafka.clients.consumer.RangeAssignor",
        "cooperative-sticky", "org.apache.kafka.clients.consumer.CooperativeStickyAssignor");

    private MembershipCases() {}

    static void addTo(Suite suite) {
        suite.add("a member that leaves: the others have its share long before a session is over", MembershipCases::leave);
        suite.add("more members than partitions", MembershipCases::idle);
        suite.add("a member without a common assignor is refused", MembershipCases::noCommonAssignor);
        suite.add("a static member comes back without a rebalance", List.of("range", "cooperative-sticky"), MembershipCases::comeBack);
        suite.add("a second static member of the same name fences the first", MembershipCases::fenced);
        suite.add("static members that are sent away", MembershipCases::sentAway);
        suite.add("commits of who is no member of a group that has some", MembershipCases::outsider);
        suite.add("a member that was away too long may not commit", MembershipCases::tooLate);
    }

    private static void leave(Session session) throws Exception {
        String topic = session.topic(4);
        String group = session.group();
        Member first = new Member(session, group, topic);
        Member second = new Member(session, group, topic);
        Member.settle(List.of(first, second), topic, 4);
        Check.Deadline since = new Check.Deadline("the share of who left");
        second.leave();
        Member.settle(List.of(first), topic, 4);
        Check.holds(since.seconds() < Session.SESSION_TIMEOUT_MS / 1000.0 - 1, "it took " + since.seconds() + " s");
    }

    private static void idle(Session session) throws Exception {
        String topic = session.topic(2);
        String group = session.group();
        List<Member> members = List.of(
            new Member(session, group, topic), new Member(session, group, topic), new Member(session, group, topic));
        Member.settle(members, topic, 2);
        Check.equal(
            GroupAdminCases.stable(session, group).members().stream().map(m -> m.assignment().topicPartitions().size()).sorted()
                .collect(Collectors.toList()),
            List.of(0, 1, 1), "shares");
    }

    private static void noCommonAssignor(Session session) throws Exception {
        String topic = session.topic(2);
        String group = session.group();
        Member first = new Member(session, group, topic, STRATEGY, ASSIGNORS.get("range"));
        Member.settle(List.of(first), topic, 2);
        Member second = new Member(session, group, topic, STRATEGY, ASSIGNORS.get("cooperative-sticky"));
        Check.until("the refusal", () -> second.failure() != null);
        Check.equal(second.failure().getClass(), InconsistentGroupProtocolException.class, "the refusal");
        Check.equal(first.owned(), Flow.partitionsOf(topic, 2), "what the first owns");
        first.isWell();
    }

    private static void comeBack(Session session, String assignor) throws Exception {
        String topic = session.topic(4);
        String group = session.group();
        Member first = new Member(session, group, topic, STRATEGY, ASSIGNORS.get(assignor), "group.instance.id", "one");
        Member second = new Member(session, group, topic, STRATEGY, ASSIGNORS.get(assignor), "group.instance.id", "two");
        Member.settle(List.of(first, second), topic, 4);
        Check.equal(
            GroupAdminCases.stable(session, group).members().stream().map(m -> m.groupInstanceId().orElse("")).collect(Collectors.toSet()),
            Set.of("one", "two"), "names of the members");
        int assignments = first.assignments();
        List<TopicPartition> share = second.owned();
        second.leave();
        Check.equal(GroupAdminCases.describe(session, group).members().size(), 2, "members while one is away");
        second = new Member(session, group, topic, STRATEGY, ASSIGNORS.get(assignor), "group.instance.id", "two");
        Member.settle(List.of(first, second), topic, 4);
        Check.equal(second.owned(), share, "the share of who came back");
        Check.equal(first.assignments(), assignments, "assignments of the other");
    }

    private static void fenced(Session session) throws Exception {
        String topic = session.topic(2);
        String group = session.group();
        Member first = new Member(session, group, topic, "group.instance.id", "one");
        Member.settle(List.of(first), topic, 2);
        Member second = new Member(session, group, topic, "group.instance.id", "one");
        Check.until("the first to be fenced", () -> first.failure() != null);
        Check.equal(first.failure().getClass(), FencedInstanceIdException.class, "what the first failed with");
        Member.settle(List.of(second), topic, 2);
        Check.equal(GroupAdminCases.describe(session, group).members().size(), 1, "members");
    }

    private static void sentAway(Session session) throws Exception {
        String topic = session.topic(2);
        String group = session.group();
        Member first = new Member(session, group, topic, "group.instance.id", "one");
        Member second = new Member(session, group, topic, "group.instance.id", "two");
        Member.settle(List.of(first, second), topic, 2);
        second.leave();
        RemoveMembersFromConsumerGroupOptions two = new RemoveMembersFromConsumerGroupOptions(Set.of(new MemberToRemove("two")));
        Check.get(session.admin.removeMembersFromConsumerGroup(group, two).all());
        Member.settle(List.of(first), topic, 2);
        Check.raises(UnknownMemberIdException.class, "sending away who is gone",
            () -> Check.get(session.admin.removeMembersFromConsumerGroup(group, two).memberResult(new MemberToRemove("two"))));
    }

    private static void outsider(Session session) throws Exception {
        String topic = session.topic(1);
        String group = session.group();
        TopicPartition partition = new TopicPartition(topic, 0);
        KafkaConsumer<String, String> outsider = session.consumer(group);
        outsider.commitSync(Map.of(partition, new OffsetAndMetadata(7)));
        Check.equal(GroupAdminCases.offsets(session, group), Map.of(partition, 7L), "offsets");
        Member member = new Member(session, group, topic);
        Member.settle(List.of(member), topic, 1);
        Check.raises(CommitFailedException.class, "a commit beside a member",
            () -> outsider.commitSync(Map.of(partition, new OffsetAndMetadata(8))));
        Check.equal(GroupAdminCases.offsets(session, group), Map.of(partition, 7L), "offsets in the end");
    }

    private static void tooLate(Session session) throws Exception {
        String topic = session.topic(2);
        String group = session.group();
        Flow.send(session.producer(), Flow.numbered(topic, 2, 0, 10));
        KafkaConsumer<String, String> slow = session.consumer(group, "max.poll.interval.ms", "700");
        slow.subscribe(List.of(topic));
        Check.holds(Flow.values(Flow.read(slow, 10)).containsAll(Flow.numbers(0, 10)), "the slow one did not get everything");
        // It does not poll: the client leaves the group for it, and another gets everything, from the beginning.
        Member other = new Member(session, group, topic);
        Member.settle(List.of(other), topic, 2);
        Check.untilEqual("the records", new HashSet<>(Flow.numbers(0, 10)), () -> new HashSet<>(Flow.values(other.records())));
        Check.raises(CommitFailedException.class, "the commit of the slow one", slow::commitSync);
        Map<TopicPartition, Long> all = Map.of(new TopicPartition(topic, 0), 5L, new TopicPartition(topic, 1), 5L);
        Check.untilEqual("the offsets", all, () -> GroupAdminCases.offsets(session, group));
    }
}

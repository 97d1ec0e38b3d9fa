import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.consumer.RoundRobinAssignor;
import org.apache.kafka.clients.consumer.StickyAssignor;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidSessionTimeoutException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** Groups: who reads what, and where a group goes on. */
final class GroupCases {
    private static final int PARTITIONS = 6;
    private static final Map<String, Class<?>> ASSIGNORS = Map.of(
        "range", RangeAssignor.class, "roundrobin", RoundRobinAssignor.class, "sticky", StickyAssignor.class,
        "cooperative-sticky", CooperativeStickyAssignor.class);

    private GroupCases() {}

    static void addTo(Suite suite) {
        suite.add("a group of two, three, two, one members", List.of("range", "roundrobin", "sticky", "cooperative-sticky"),
            (session, assignor) -> new Growing(session, assignor).run());
        suite.add("the assignor that all members know is chosen", GroupCases::commonAssignor);
        suite.add("a group notices new partitions and new topics", GroupCases::newPartitions);
        suite.add("commit, committed, resume", GroupCases::resume);
        suite.add("automatic commits: what was handed out is committed on close", GroupCases::autoCommit);
        suite.add("two groups each get everything", GroupCases::twoGroups);
        suite.add("a session timeout that is too short is refused", GroupCases::shortSession);
        suite.add("the group protocol consumer is refused by a broker without it", GroupCases::newProtocol);
    }

    /** A group that grows and shrinks: every record is read, and each partition has one owner. */
    private static final class Growing {
        private final Session session;
        private final String assignor;
        private final String topic;
        private final String group;
        private final KafkaProducer<String, String> producer;
        private final List<Member> everybody = new ArrayList<>();
        private final List<Member> members = new ArrayList<>();
        private int sent = 0;

        Growing(Session session, String assignor) throws Exception {
            this.session = session;
            this.assignor = assignor;
            topic = session.topic(PARTITIONS);
            group = session.group();
            producer = session.producer();
        }

        void run() throws Exception {
            join();
            join();
            share();
            List<List<TopicPartition>> before = shares();
            join();
            share();
            // What sticks: those who were there keep their share but for what the newcomer gets.
            for (int i = 0; i < 2 && assignor.endsWith("sticky"); i += 1) {
                Check.holds(before.get(i).containsAll(shares().get(i)), "from " + before + " to " + shares() + " is not sticky");
            }
            before = shares();
            members.remove(2).leave();
            share();
            for (int i = 0; i < 2 && assignor.endsWith("sticky"); i += 1) {
                Check.holds(shares().get(i).containsAll(before.get(i)), "from " + before + " to " + shares() + " is not sticky");
            }
            List<TopicPartition> kept = shares().get(1);
            int told = members.get(1).revoked().size();
            members.remove(0).leave();
            share();
            if (assignor.startsWith("cooperative")) {
                Check.equal(members.get(0).revoked().size() - told, 0, "partitions taken from who stays, for a while, of " + kept);
            }
            Map<TopicPartition, Long> committed = Flow.partitionsOf(topic, PARTITIONS).stream()
                .collect(Collectors.toMap(partition -> partition, partition -> (long) sent / PARTITIONS));
            Check.untilEqual("the commits", committed, () -> GroupAdminCases.offsets(session, group));
            ConsumerGroupDescription about = GroupAdminCases.describe(session, group);
            Check.equal(about.partitionAssignor(), assignor, "assignor");
            Check.equal(about.members().size(), 1, "members");
        }

        private void join() {
            members.add(new Member(session, group, topic, "partition.assignment.strategy", ASSIGNORS.get(assignor).getName()));
            everybody.add(members.get(members.size() - 1));
        }

        private List<List<TopicPartition>> shares() {
            return members.stream().map(Member::owned).collect(Collectors.toList());
        }

        private void share() throws Exception {
            Member.settle(members, topic, PARTITIONS);
            Flow.send(producer, Flow.numbered(topic, PARTITIONS, sent, 2 * PARTITIONS));
            sent += 2 * PARTITIONS;
            HashSet<String> expected = new HashSet<>(Flow.numbers(0, sent));
            Check.untilEqual("the records", expected, () -> new HashSet<>(Flow.values(found())));
            int refused = everybody.stream().mapToInt(Member::refused).sum();
            int twice = found().size() - sent;
            Check.holds(twice <= refused, twice + " records were read twice, and " + refused + " not committed at once");
        }

        private List<ConsumerRecord<String, String>> found() {
            return everybody.stream().flatMap(member -> member.records().stream()).collect(Collectors.toList());
        }
    }

    private static void commonAssignor(Session session) throws Exception {
        String topic = session.topic(4);
        String group = session.group();
        String both = RangeAssignor.class.getName() + "," + RoundRobinAssignor.class.getName();
        Member first = new Member(session, group, topic, "partition.assignment.strategy", both);
        Member.settle(List.of(first), topic, 4);
        Check.equal(GroupAdminCases.stable(session, group).partitionAssignor(), "range", "assignor of one");
        Member second =
            new Member(session, group, topic, "partition.assignment.strategy", RoundRobinAssignor.class.getName());
        Member.settle(List.of(first, second), topic, 4);
        Check.equal(GroupAdminCases.stable(session, group).partitionAssignor(), "roundrobin", "assignor of both");
    }

    private static void newPartitions(Session session) throws Exception {
        String first = session.topicName();
        String second = session.topicName();
        Pattern pattern = Pattern.compile("(" + first + "|" + second + ")");
        Check.get(session.admin.createTopics(List.of(new NewTopic(first, 1, (short) 1))).all());
        session.waitForTopic(first, 1);
        Member member = new Member(
            session, session.group(), (consumer, listener) -> consumer.subscribe(pattern, listener), "metadata.max.age.ms", "100");
        Member.settle(List.of(member), first, 1);
        Check.get(session.admin.createPartitions(Map.of(first, NewPartitions.increaseTo(2))).all());
        Member.settle(List.of(member), first, 2);
        Check.get(session.admin.createTopics(List.of(new NewTopic(second, 1, (short) 1))).all());
        List<TopicPartition> all = List.of(new TopicPartition(first, 0), new TopicPartition(first, 1), new TopicPartition(second, 0));
        Check.untilEqual("the partitions", new HashSet<>(all), () -> new HashSet<>(member.owned()));
        member.isWell();
    }

    private static void resume(Session session) throws Exception {
        String topic = session.topic(1);
        String group = session.group();
        TopicPartition partition = new TopicPartition(topic, 0);
        Flow.send(session.producer(), Flow.numbered(topic, 1, 0, 10));
        try (KafkaConsumer<String, String> consumer = session.consumer(group)) {
            Map<TopicPartition, OffsetAndMetadata> none = consumer.committed(new HashSet<>(List.of(partition)));
            Check.equal(none.get(partition), null, "committed before anything is");
            consumer.subscribe(List.of(topic));
            Check.equal(Flow.values(Flow.read(consumer, 10)), Flow.numbers(0, 10), "values");
            consumer.commitSync(Map.of(partition, new OffsetAndMetadata(4, "half way, ½")));
        }
        KafkaConsumer<String, String> consumer = session.consumer(group);
        OffsetAndMetadata found = consumer.committed(new HashSet<>(List.of(partition))).get(partition);
        Check.equal(List.of(found.offset(), found.metadata()), List.of(4L, "half way, ½"), "committed");
        consumer.subscribe(List.of(topic));
        Check.equal(Flow.values(Flow.read(consumer, 6)), Flow.numbers(4, 10), "values of the next");
        consumer.commitSync();
        Check.equal(GroupAdminCases.offsets(session, group), Map.of(partition, 10L), "offsets in the end");
    }

    private static void autoCommit(Session session) throws Exception {
        String topic = session.topic(1);
        String group = session.group();
        Flow.send(session.producer(), topic, "1", "2", "3");
        try (KafkaConsumer<String, String> consumer = session.consumer(group, "enable.auto.commit", "true")) {
            consumer.subscribe(List.of(topic));
            Check.equal(Flow.values(Flow.read(consumer, 3)), List.of("1", "2", "3"), "values");
        }
        Check.equal(GroupAdminCases.offsets(session, group), Map.of(new TopicPartition(topic, 0), 3L), "offsets");
    }

    private static void twoGroups(Session session) throws Exception {
        String topic = session.topic(3);
        Flow.send(session.producer(), Flow.numbered(topic, 3, 0, 30));
        for (Member member : List.of(new Member(session, session.group(), topic), new Member(session, session.group(), topic))) {
            Check.untilEqual("the records", 30, () -> member.records().size());
            Check.equal(new HashSet<>(Flow.values(member.records())), new HashSet<>(Flow.numbers(0, 30)), "values");
        }
    }

    private static void shortSession(Session session) throws Exception {
        KafkaConsumer<String, String> consumer = session.consumer(session.group(), "session.timeout.ms", "1000");
        consumer.subscribe(List.of(session.topic(1)));
        Check.raises(InvalidSessionTimeoutException.class, "a session of 1 s", () -> Flow.read(consumer, 1));
    }

    private static void newProtocol(Session session) throws Exception {
        if (Check.get(session.admin.describeFeatures().featureMetadata()).finalizedFeatures().containsKey("group.version")) {
            throw new Suite.Skipped("this broker has it");
        }
        KafkaConsumer<String, String> consumer = session.consumer(session.group(), "group.protocol", "consumer");
        consumer.subscribe(List.of(session.topic(1)));
        Check.raises(UnsupportedVersionException.class, "joining", () -> Flow.read(consumer, 1));
    }
}

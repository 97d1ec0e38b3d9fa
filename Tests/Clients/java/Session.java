import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The broker under test, and what one case made on it. */
final class Session {
    static final class Facts {
        String brokers;
        String saslBrokers;
        String user;
        String password;
    }

    /** The least that Kafka allows a member (group.min.session.timeout.ms). */
    static final int SESSION_TIMEOUT_MS = 6000;
    /** Members hear of a rebalance with the answer to a heartbeat. */
    static final int HEARTBEAT_MS = 100;

    final Facts facts;
    final Admin admin;
    private final String suffix = UUID.randomUUID().toString().substring(0, 8);
    private int number;
    private final List<String> topics = new ArrayList<>();
    private final List<String> groups = new ArrayList<>();
    private final Deque<AutoCloseable> closing = new ArrayDeque<>();

    Session(Facts facts) {
        this.facts = facts;
        admin = Admin.create(settings(Map.of()));
    }

    /** A name that nobody else uses. */
    String name(String kind) {
        number += 1;
        return kind + "-" + suffix + "-" + number;
    }

    /** The name of a topic which the case makes itself. */
    String topicName() {
        topics.add(name("topic"));
        return topics.get(topics.size() - 1);
    }

    /** A topic that is ready for use; the settings are names and values in turn. */
    String topic(int partitions, String... settings) throws Exception {
        String name = topicName();
        Check.get(admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1).configs(pairs(settings)))).all());
        waitForTopic(name, partitions);
        return name;
    }

    /** Until all its partitions are known and led. */
    void waitForTopic(String name, int partitions) throws Exception {
        Check.untilEqual("the partitions of " + name + " that are led", partitions, () -> {
            try {
                return (int) describe(name).stream().filter(p -> p.leader() != null && !p.leader().isEmpty()).count();
            } catch (UnknownTopicOrPartitionException notYet) {
                return 0;
            }
        });
    }

    List<TopicPartitionInfo> describe(String topic) throws Exception {
        return Check.get(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic).partitions();
    }

    List<Integer> brokerIds() throws Exception {
        return Check.get(admin.describeCluster().nodes()).stream().map(Node::id).sorted().collect(Collectors.toList());
    }

    String group() {
        groups.add(name("group"));
        return groups.get(groups.size() - 1);
    }

    <T extends AutoCloseable> T closed(T client) {
        closing.push(client);
        return client;
    }

    Admin admin(String... settings) {
        return closed(Admin.create(settings(pairs(settings))));
    }

    KafkaProducer<String, String> producer(String... settings) {
        Map<String, Object> all = settings(Map.of("max.block.ms", "30000"));
        all.putAll(pairs(settings));
        KafkaProducer<String, String> made = new KafkaProducer<>(all, new StringSerializer(), new StringSerializer());
        // One that is in the middle of something must not wait for it.
        closing.push(() -> made.close(Duration.ofSeconds(2)));
        return made;
    }

    /** A consumer that is to subscribe or to assign; one of no group if that is null. */
    KafkaConsumer<String, String> consumer(String group, String... settings) {
        Map<String, Object> all = settings(Map.of(
            "auto.offset.reset", "earliest", "enable.auto.commit", "false",
            // A consumer that is closed waits for the answer to its last fetch.
            "fetch.max.wait.ms", group == null ? "10" : "50",
            "session.timeout.ms", String.valueOf(SESSION_TIMEOUT_MS), "heartbeat.interval.ms", String.valueOf(HEARTBEAT_MS),
            "metadata.max.age.ms", "1000", "default.api.timeout.ms", "30000", "allow.auto.create.topics", "false"));
        Optional.ofNullable(group).ifPresent(name -> all.put("group.id", name));
        all.putAll(pairs(settings));
        if ("consumer".equals(all.get("group.protocol"))) {
            // There the broker says them, and the client takes none.
            all.keySet().removeAll(List.of("session.timeout.ms", "heartbeat.interval.ms"));
        }
        return closed(new KafkaConsumer<>(all, new StringDeserializer(), new StringDeserializer()));
    }

    /** A consumer of the first partition. */
    KafkaConsumer<String, String> assigned(String topic, String... settings) {
        KafkaConsumer<String, String> made = consumer(null, settings);
        made.assign(List.of(new TopicPartition(topic, 0)));
        return made;
    }

    private Map<String, Object> settings(Map<String, ?> more) {
        Map<String, Object> all = new HashMap<>(more);
        all.putIfAbsent("bootstrap.servers", facts.brokers);
        // Nobody looks at the numbers that a client keeps.
        all.put("metric.reporters", "");
        // Each transactional producer waits for that, the first time that it needs its coordinator.
        all.put("retry.backoff.ms", "20");
        return all;
    }

    static Map<String, String> pairs(String... words) {
        Map<String, String> made = new LinkedHashMap<>();
        for (int i = 0; i < words.length; i += 2) {
            made.put(words[i], words[i + 1]);
        }
        return made;
    }

    void needsSasl() {
        if (facts.saslBrokers == null) {
            throw new Suite.Skipped("needs --sasl-brokers, --user and --password");
        }
    }

    /** Closes what was registered, then deletes topics and groups; one that is gone already is no matter. */
    void cleanUp() throws Exception {
        Exception problem = null;
        while (!closing.isEmpty()) {
            try {
                closing.pop().close();
            } catch (Exception error) {
                problem = problem == null ? error : problem;
            }
        }
        outcomes(admin.deleteTopics(topics).topicNameValues().values());
        topics.clear();
        groups.removeAll(deletedGroups());
        if (problem != null) {
            throw problem;
        }
    }

    /** Static members do not leave their group with their client: they are sent away. */
    void end() throws Exception {
        for (String group : groups) {
            outcomes(List.of(admin.removeMembersFromConsumerGroup(group, new RemoveMembersFromConsumerGroupOptions()).all()));
        }
        deletedGroups();
        admin.close();
    }

    /** Deletes the groups, and says which are gone: not those with members. */
    private List<String> deletedGroups() {
        List<String> gone = new ArrayList<>();
        admin.deleteConsumerGroups(groups).deletedGroups().forEach((group, deletion) -> {
            Exception error = outcomes(List.of(deletion)).get(0);
            if (error == null || error instanceof GroupIdNotFoundException) {
                gone.add(group);
            }
        });
        return gone;
    }

    private static List<Exception> outcomes(Collection<? extends Future<Void>> futures) {
        List<Exception> errors = new ArrayList<>();
        for (Future<Void> future : futures) {
            try {
                Check.get(future);
                errors.add(null);
            } catch (Exception error) {
                errors.add(error);
            }
        }
        return errors;
    }
}

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.ElectionNotNeededException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.quota.ClientQuotaFilter;

/** The cluster and its topics. */
final class TopicCases {
    /** What cannot be created, and how Kafka says so. */
    private static final Map<String, Class<? extends ApiException>> REFUSED = new LinkedHashMap<>();

    static {
        REFUSED.put("a name with a blank", InvalidTopicException.class);
        REFUSED.put("a name that is too long", InvalidTopicException.class);
        REFUSED.put("no partitions", InvalidPartitionsException.class);
        REFUSED.put("no replicas", InvalidReplicationFactorException.class);
        REFUSED.put("too many replicas", InvalidReplicationFactorException.class);
        REFUSED.put("a replica on no broker", InvalidReplicaAssignmentException.class);
        REFUSED.put("an unknown config", InvalidConfigurationException.class);
        REFUSED.put("an invalid config", InvalidConfigurationException.class);
    }

    private TopicCases() {}

    static void addTo(Suite suite) {
        suite.add("describe the cluster", TopicCases::describeCluster);
        suite.add("create, list, describe, delete a topic", TopicCases::life);
        suite.add("create a topic is refused", REFUSED.keySet(), TopicCases::refused);
        suite.add("create a topic that exists is refused, also when it is only validated", TopicCases::exists);
        suite.add("create a topic with replicas assigned by hand", TopicCases::assigned);
        suite.add("create partitions, not fewer", TopicCases::createPartitions);
        suite.add("elections that are not needed, reassignments, quotas and ACLs that there are none of", TopicCases::none);
    }

    private static void describeCluster(Session session) throws Exception {
        DescribeClusterResult about = session.admin.describeCluster();
        String id = Check.get(about.clusterId());
        Check.equal(id.length(), 22, "length of the cluster id");
        Set<Node> nodes = new HashSet<>(Check.get(about.nodes()));
        Check.holds(nodes.contains(Check.get(about.controller())), "the controller is no broker");
        // What describes the cluster and what describes topics are two requests.
        String topic = session.topicName();
        Check.get(session.admin.createTopics(List.of(new NewTopic(topic, 1, (short) nodes.size()))).all());
        session.waitForTopic(topic, 1);
        Check.equal(new HashSet<>(session.describe(topic).get(0).replicas()), nodes, "where a replica for each broker is");
        for (Node node : nodes) {
            String one = node.host() + ":" + node.port();
            Check.equal(Check.get(session.admin("bootstrap.servers", one).describeCluster().clusterId()), id, "cluster id by " + one);
        }
    }

    private static void life(Session session) throws Exception {
        String name = session.topicName();
        CreateTopicsResult created = session.admin.createTopics(
            List.of(new NewTopic(name, 3, (short) 1).configs(Map.of("retention.ms", "3600000"))));
        Check.get(created.all());
        Check.equal(Check.get(created.numPartitions(name)), 3, "partitions of the answer");
        Check.equal(Check.get(created.replicationFactor(name)), 1, "replicas of the answer");
        Check.equal(Check.get(created.config(name)).get("retention.ms").value(), "3600000", "config of the answer");
        session.waitForTopic(name, 3);
        Check.until("the topic to be listed", () -> Check.get(session.admin.listTopics().names()).contains(name));
        TopicDescription about = Check.get(session.admin.describeTopics(List.of(name)).allTopicNames()).get(name);
        Check.equal(about.topicId(), Check.get(created.topicId(name)), "topic id");
        Check.equal(about.isInternal(), false, "internal");
        Check.equal(about.partitions().stream().map(TopicPartitionInfo::partition).collect(Collectors.toList()), List.of(0, 1, 2),
            "partitions");
        for (TopicPartitionInfo partition : about.partitions()) {
            Check.holds(session.brokerIds().contains(partition.leader().id()), "the leader is no broker");
            Check.equal(partition.replicas(), List.of(partition.leader()), "replicas");
            Check.equal(partition.isr(), List.of(partition.leader()), "in-sync replicas");
        }
        Check.equal(session.consumer(null).listTopics().get(name).size(), 3, "partitions as a consumer lists them");
        Check.get(session.admin.deleteTopics(List.of(name)).all());
        Check.until("the topic not to be listed", () -> !Check.get(session.admin.listTopics().names()).contains(name));
        Check.raises(UnknownTopicOrPartitionException.class, "describe what was deleted", () -> session.describe(name));
        Check.raises(UnknownTopicOrPartitionException.class, "delete it again",
            () -> Check.get(session.admin.deleteTopics(List.of(name)).all()));
    }

    private static void refused(Session session, String why) throws Exception {
        String name = session.topicName();
        NewTopic topic = new NewTopic(name, 1, (short) 1);
        switch (why) {
        case "a name with a blank": topic = new NewTopic("a b", 1, (short) 1); break;
        case "a name that is too long": topic = new NewTopic("n".repeat(250), 1, (short) 1); break;
        case "no partitions": topic = new NewTopic(name, 0, (short) 1); break;
        case "no replicas": topic = new NewTopic(name, 1, (short) 0); break;
        case "too many replicas": topic = new NewTopic(name, 1, (short) 100); break;
        case "a replica on no broker": topic = new NewTopic(name, Map.of(0, List.of(12345))); break;
        case "an unknown config": topic.configs(Map.of("no.such.config", "1")); break;
        default: topic.configs(Map.of("retention.ms", "soon"));
        }
        NewTopic wrong = topic;
        Check.raises(REFUSED.get(why), "creating it", () -> Check.get(session.admin.createTopics(List.of(wrong)).all()));
    }

    private static void exists(Session session) throws Exception {
        String name = session.topic(1);
        for (boolean only : List.of(true, false)) {
            Check.raises(TopicExistsException.class, "creating it again", () -> Check.get(session.admin.createTopics(
                List.of(new NewTopic(name, 1, (short) 1)), new CreateTopicsOptions().validateOnly(only)).all()));
        }
        String other = session.topicName();
        Check.get(session.admin.createTopics(
            List.of(new NewTopic(other, 1, (short) 1)), new CreateTopicsOptions().validateOnly(true)).all());
        Check.get(session.admin.createTopics(List.of(new NewTopic(other, 1, (short) 1))).all());
    }

    private static void assigned(Session session) throws Exception {
        String name = session.topicName();
        List<Integer> brokers = session.brokerIds();
        int first = brokers.get(0);
        int last = brokers.get(brokers.size() - 1);
        Check.get(session.admin.createTopics(
            List.of(new NewTopic(name, Map.of(0, List.of(last), 1, List.of(first), 2, List.of(last))))).all());
        session.waitForTopic(name, 3);
        Check.equal(
            session.describe(name).stream().map(p -> p.replicas().get(0).id()).collect(Collectors.toList()),
            List.of(last, first, last), "where the replicas are");
    }

    private static void createPartitions(Session session) throws Exception {
        String name = session.topic(1);
        Check.get(session.admin.createPartitions(Map.of(name, NewPartitions.increaseTo(3))).all());
        session.waitForTopic(name, 3);
        for (int count : List.of(2, 3)) {
            Check.raises(InvalidPartitionsException.class, "increase 3 partitions to " + count,
                () -> Check.get(session.admin.createPartitions(Map.of(name, NewPartitions.increaseTo(count))).all()));
        }
        Check.raises(UnknownTopicOrPartitionException.class, "partitions for a topic that is not there",
            () -> Check.get(session.admin.createPartitions(Map.of(session.name("absent"), NewPartitions.increaseTo(2))).all()));
        Check.equal(session.describe(name).size(), 3, "partitions in the end");
    }

    private static void none(Session session) throws Exception {
        String name = session.topic(1);
        TopicPartition partition = new TopicPartition(name, 0);
        Throwable election = Check.get(session.admin.electLeaders(ElectionType.PREFERRED, Set.of(partition)).partitions())
            .get(partition).orElse(null);
        Check.holds(election instanceof ElectionNotNeededException, "the election: " + election);
        Check.equal(Check.get(session.admin.listPartitionReassignments(Set.of(partition)).reassignments()), Map.of(), "reassignments");
        Check.equal(Check.get(session.admin.describeClientQuotas(ClientQuotaFilter.all()).entities()), Map.of(), "quotas");
        Check.raises(SecurityDisabledException.class, "ACLs",
            () -> Check.get(session.admin.describeAcls(AclBindingFilter.ANY).values()));
    }
}

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The configs of topics and brokers. */
final class ConfigCases {
    private ConfigCases() {}

    static void addTo(Suite suite) {
        suite.add("describe the configs of a topic and of a broker", ConfigCases::describe);
        suite.add("alter configs one by one: set, delete, append, subtract", ConfigCases::alter);
        suite.add("alter configs: what is invalid is refused and changes nothing", ConfigCases::alterRefused);
    }

    private static Config describe(Session session, ConfigResource.Type type, String name) throws Exception {
        ConfigResource resource = new ConfigResource(type, name);
        return Check.get(session.admin.describeConfigs(List.of(resource)).all()).get(resource);
    }

    /** What was set for the topic itself. */
    private static Map<String, String> overrides(Session session, String topic) throws Exception {
        return describe(session, ConfigResource.Type.TOPIC, topic).entries().stream()
            .filter(entry -> entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG)
            .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value, (a, b) -> a, TreeMap::new));
    }

    private static AlterConfigOp operation(OpType type, String name, String value) {
        return new AlterConfigOp(new ConfigEntry(name, value), type);
    }

    private static void alter(Session session, String topic, AlterConfigOp... operations) throws Exception {
        Map<ConfigResource, Collection<AlterConfigOp>> all =
            Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), Arrays.asList(operations));
        Check.get(session.admin.incrementalAlterConfigs(all).all());
    }

    private static void describe(Session session) throws Exception {
        Config found = describe(session, ConfigResource.Type.TOPIC, session.topic(1, "retention.bytes", "1000"));
        Map<String, String> defaults = Map.of(
            "cleanup.policy", "delete", "compression.type", "producer", "max.message.bytes", "1048588",
            "message.timestamp.type", "CreateTime", "retention.ms", "604800000", "segment.bytes", "1073741824");
        defaults.forEach((name, value) -> {
            Check.equal(found.get(name).value(), value, name);
            Check.equal(found.get(name).isDefault(), true, name + " is the default");
        });
        Check.equal(found.get("retention.bytes").value(), "1000", "retention.bytes");
        Check.equal(found.get("retention.bytes").source(), ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG, "source of retention.bytes");
        String broker = String.valueOf(session.brokerIds().get(0));
        Check.equal(describe(session, ConfigResource.Type.BROKER, broker).get("node.id").value(), broker, "node.id");
        Check.raises(UnknownTopicOrPartitionException.class, "configs of a topic that is not there",
            () -> describe(session, ConfigResource.Type.TOPIC, session.name("absent")));
    }

    private static void alter(Session session) throws Exception {
        String name = session.topic(1, "retention.ms", "1000", "retention.bytes", "1000");
        alter(session, name, operation(OpType.SET, "segment.ms", "7000"), operation(OpType.DELETE, "retention.ms", null),
            operation(OpType.APPEND, "cleanup.policy", "compact"));
        Check.untilEqual("the configs", Map.of("retention.bytes", "1000", "segment.ms", "7000", "cleanup.policy", "delete,compact"),
            () -> overrides(session, name));
        alter(session, name, operation(OpType.SUBTRACT, "cleanup.policy", "delete"));
        Check.untilEqual("the configs", Map.of("retention.bytes", "1000", "segment.ms", "7000", "cleanup.policy", "compact"),
            () -> overrides(session, name));
    }

    private static void alterRefused(Session session) throws Exception {
        String name = session.topic(1, "retention.ms", "1000");
        AlterConfigOp good = operation(OpType.SET, "segment.ms", "7000");
        for (AlterConfigOp bad : List.of(
            operation(OpType.SET, "no.such.config", "1"), operation(OpType.SET, "retention.ms", "soon"),
            operation(OpType.APPEND, "retention.ms", "1"))) {
            Check.raises(InvalidConfigurationException.class, bad.toString(), () -> alter(session, name, good, bad));
        }
        Check.raises(UnknownTopicOrPartitionException.class, "of a topic that is not there",
            () -> alter(session, session.name("absent"), good));
        Check.equal(overrides(session, name), Map.of("retention.ms", "1000"), "the configs");
    }
}

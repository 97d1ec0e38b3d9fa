import java.util.List;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.UnsupportedSaslMechanismException;

/** A listener that wants a name and a password. */
final class LoginCases {
    private LoginCases() {}

    static void addTo(Suite suite) {
        suite.add("SASL/PLAIN: the right password", LoginCases::right);
        suite.add("SASL/PLAIN: a wrong password", LoginCases::wrong);
        suite.add("SASL: a mechanism that the listener does not have", LoginCases::otherMechanism);
    }

    private static String[] login(Session session, String mechanism, String password) {
        session.needsSasl();
        String module = mechanism.equals("PLAIN") ? "plain.PlainLoginModule" : "scram.ScramLoginModule";
        return new String[] {
            "bootstrap.servers", session.facts.saslBrokers, "security.protocol", "SASL_PLAINTEXT", "sasl.mechanism", mechanism,
            "sasl.jaas.config", "org.apache.kafka.common.security." + module + " required username=\"" + session.facts.user
                + "\" password=\"" + password + "\";",
        };
    }

    private static void right(Session session) throws Exception {
        String[] login = login(session, "PLAIN", session.facts.password);
        String topic = session.topic(1);
        Check.equal(Check.get(session.admin(login).describeCluster().clusterId()).length(), 22, "length of the cluster id");
        Flow.send(session.producer(login), topic, "let in");
        KafkaConsumer<String, String> consumer = session.consumer(session.group(), login);
        consumer.subscribe(List.of(topic));
        Check.equal(Flow.values(Flow.read(consumer, 1)), List.of("let in"), "values");
        consumer.commitSync();
    }

    private static void wrong(Session session) throws Exception {
        String[] login = login(session, "PLAIN", "not " + session.facts.password);
        Check.raises(SaslAuthenticationException.class, "an administrator",
            () -> Check.get(session.admin(login).describeCluster().clusterId()));
        KafkaProducer<String, String> producer = session.producer(login);
        Check.raises(SaslAuthenticationException.class, "a producer",
            () -> Check.get(producer.send(new ProducerRecord<>("topic", "kept out"))));
        KafkaConsumer<String, String> consumer = session.consumer("group", login);
        consumer.subscribe(List.of("topic"));
        Check.raises(SaslAuthenticationException.class, "a consumer", () -> Flow.read(consumer, 1));
    }

    private static void otherMechanism(Session session) throws Exception {
        String[] login = login(session, "SCRAM-SHA-512", session.facts.password);
        Check.raises(UnsupportedSaslMechanismException.class, "an administrator",
            () -> Check.get(session.admin(login).describeCluster().clusterId()));
    }
}

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;

/** Where a producer puts its records, and what it is told. */
final class ProducerCases {
    private ProducerCases() {}

    static void addTo(Suite suite) {
        suite.add("a key lies where murmur2 says", ProducerCases::keys);
        suite.add("records without a key stay in a partition for a batch", ProducerCases::sticky);
        suite.add("a thousand messages in order, acks", List.of("0", "1", "all"), ProducerCases::acknowledged);
        suite.add("an idempotent producer: numbers without a gap, batches in order", ProducerCases::idempotent);
    }

    private static void keys(Session session) throws Exception {
        int partitions = 7;
        String topic = session.topic(partitions);
        List<ProducerRecord<String, String>> sent = IntStream.range(0, 300)
            .mapToObj(n -> new ProducerRecord<>(topic, "key-" + n, String.valueOf(n))).collect(Collectors.toList());
        Flow.send(session.producer(), sent);
        List<ConsumerRecord<String, String>> found = Flow.readToEnd(session, topic, partitions);
        for (ConsumerRecord<String, String> record : found) {
            int hash = Utils.toPositive(Utils.murmur2(record.key().getBytes(StandardCharsets.UTF_8)));
            Check.equal(record.partition(), hash % partitions, "partition of " + record.key());
        }
        Check.equal(new HashSet<>(Flow.values(found)), new HashSet<>(Flow.numbers(0, 300)), "values");
        Check.equal(found.size(), 300, "number of records");
    }

    private static void sticky(Session session) throws Exception {
        String topic = session.topic(3);
        List<ProducerRecord<String, String>> few = IntStream.range(0, 50)
            .mapToObj(n -> new ProducerRecord<String, String>(topic, "few")).collect(Collectors.toList());
        List<RecordMetadata> reports = Flow.send(session.producer("linger.ms", "100"), few);
        Check.equal(reports.stream().map(RecordMetadata::partition).distinct().count(), 1L, "partitions of fifty small records");
        Check.equal(
            reports.stream().map(RecordMetadata::offset).collect(Collectors.toList()),
            IntStream.range(0, 50).mapToObj(Long::valueOf).collect(Collectors.toList()), "their offsets");
        List<ProducerRecord<String, String>> many = IntStream.range(0, 1000)
            .mapToObj(n -> new ProducerRecord<String, String>(topic, "many ".repeat(200))).collect(Collectors.toList());
        // A million bytes are some sixty batches of 16 KiB: that one partition got all of them does not happen.
        List<Integer> places = Flow.send(session.producer("batch.size", "16384"), many).stream()
            .map(RecordMetadata::partition).collect(Collectors.toList());
        Check.equal(new HashSet<>(places).size(), 3, "partitions of a thousand big records");
        int start = 0;
        for (int i = 1; i < places.size(); i += 1) {
            if (!places.get(i).equals(places.get(i - 1))) {
                Check.holds(i - start >= 15, "only " + (i - start) + " records stayed in partition " + places.get(i - 1));
                start = i;
            }
        }
    }

    private static void acknowledged(Session session, String acks) throws Exception {
        String topic = session.topic(3);
        KafkaProducer<String, String> producer = session.producer("acks", acks, "enable.idempotence", "false", "linger.ms", "1");
        List<RecordMetadata> reports = Flow.send(producer, Flow.numbered(topic, 3, 0, 1000));
        Check.equal(reports.get(999).offset(), acks.equals("0") ? -1L : 333L, "offset of the last in its report");
        List<ConsumerRecord<String, String>> found = new ArrayList<>();
        // Without acknowledgements it may still be on its way.
        Check.untilEqual("number of records", 1000, () -> {
            found.clear();
            found.addAll(Flow.readToEnd(session, topic, 3));
            return found.size();
        });
        for (ConsumerRecord<String, String> record : found) {
            Check.equal(record.value(), String.valueOf(3 * record.offset() + record.partition()), "value at " + record.offset());
        }
    }

    private static void idempotent(Session session) throws Exception {
        String topic = session.topic(1);
        KafkaProducer<String, String> producer = session.producer("enable.idempotence", "true", "batch.size", "200", "linger.ms", "0");
        List<Future<RecordMetadata>> futures = new ArrayList<>();
        for (String value : Flow.numbers(0, 500)) {
            futures.add(producer.send(new ProducerRecord<>(topic, value)));
        }
        for (int i = 0; i < futures.size(); i += 1) {
            Check.equal(Check.get(futures.get(i)).offset(), (long) i, "offset of " + i);
        }
        Check.equal(Flow.values(Flow.readToEnd(session, topic, 1)), Flow.numbers(0, 500), "values");
        TopicPartition partition = new TopicPartition(topic, 0);
        List<ProducerState> states =
            Check.get(session.admin.describeProducers(List.of(partition)).partitionResult(partition)).activeProducers();
        Check.equal(states.size(), 1, "producers of the partition");
        Check.equal(states.get(0).lastSequence(), 499, "last sequence");
        Check.equal(states.get(0).producerEpoch(), 0, "epoch");
        Check.equal(states.get(0).currentTransactionStartOffset().isPresent(), false, "a transaction");
    }
}

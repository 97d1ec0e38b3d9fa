import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.TimestampType;

/** What is produced is what is consumed. */
final class MessageCases {
    private MessageCases() {}

    static void addTo(Suite suite) {
        List<String> codecs = List.of("none", "gzip", "snappy", "lz4", "zstd");
        suite.add("what is produced is what is consumed, codec", codecs, MessageCases::roundTrip);
        suite.add("the topic's codec", List.of("gzip", "lz4", "uncompressed"), MessageCases::recompressed);
        suite.add("log append time", MessageCases::appendTime);
        suite.add("a message bigger than the topic allows", MessageCases::tooLarge);
        suite.add("a message bigger than the consumer's limits is delivered all the same", MessageCases::smallFetches);
    }

    private static List<ProducerRecord<String, String>> messages(String topic, long now) {
        List<ProducerRecord<String, String>> records = new ArrayList<>();
        records.add(new ProducerRecord<>(topic, 1, now, "k1", "plain"));
        records.add(new ProducerRecord<>(topic, 1, now + 1, null, "no key"));
        records.add(new ProducerRecord<>(topic, 1, now + 2, "gone", (String) null));
        records.add(new ProducerRecord<>(topic, 1, now + 3, null, (String) null));
        records.add(new ProducerRecord<>(topic, 1, now + 4, "", ""));
        records.add(new ProducerRecord<>(topic, 1, 1L, "old", "its time goes back"));
        records.add(new ProducerRecord<>(topic, 1, now + 5, "ключ", "値 \u0000 \uD83D\uDE00"));
        records.add(new ProducerRecord<>(topic, 1, now + 6, "long", "0123456789".repeat(2000)));
        String noise = new Random(7).ints(10_000, ' ', '~').mapToObj(c -> String.valueOf((char) c)).collect(Collectors.joining());
        records.add(new ProducerRecord<>(topic, 1, now + 7, "noise", noise));
        ProducerRecord<String, String> headed = new ProducerRecord<>(topic, 1, now + 8, "h", "headers");
        headed.headers().add("a", new byte[] {49}).add("a", new byte[] {50}).add("ü", new byte[] {0, -1}).add("empty", new byte[0])
            .add("null", null);
        records.add(headed);
        return records;
    }

    private static String text(Iterable<Header> headers) {
        StringBuilder made = new StringBuilder();
        headers.forEach(header -> made.append(header.key()).append('=').append(Arrays.toString(header.value())).append(' '));
        return made.toString();
    }

    private static void roundTrip(Session session, String codec) throws Exception {
        String topic = session.topic(2);
        List<ProducerRecord<String, String>> sent = messages(topic, System.currentTimeMillis());
        List<RecordMetadata> reports = Flow.send(session.producer("compression.type", codec, "linger.ms", "100"), sent);
        List<ConsumerRecord<String, String>> found = Flow.readToEnd(session, topic, 2);
        Check.equal(found.size(), sent.size(), "number of records");
        for (int i = 0; i < sent.size(); i += 1) {
            ProducerRecord<String, String> expected = sent.get(i);
            ConsumerRecord<String, String> record = found.get(i);
            Check.equal(reports.get(i).toString(), topic + "-1@" + i, "place in the report");
            Check.equal(List.of(record.partition(), record.offset()), List.of(1, (long) i), "place");
            Check.equal(record.key(), expected.key(), "key of " + i);
            Check.equal(record.value(), expected.value(), "value of " + i);
            Check.equal(text(record.headers()), text(expected.headers()), "headers of " + i);
            Check.equal(record.timestamp(), expected.timestamp(), "timestamp of " + i);
            Check.equal(record.timestampType(), TimestampType.CREATE_TIME, "type of the timestamp");
            Check.equal(record.leaderEpoch(), Optional.of(0), "leader epoch");
        }
        Header empty = found.get(sent.size() - 1).headers().lastHeader("ü");
        Check.equal(new String(empty.value(), StandardCharsets.ISO_8859_1), "\u0000ÿ", "header ü");
    }

    /** The broker compresses once more, as the topic wants it. */
    private static void recompressed(Session session, String codec) throws Exception {
        String topic = session.topic(1, "compression.type", codec);
        KafkaProducer<String, String> producer = session.producer("compression.type", "zstd", "linger.ms", "100");
        List<String> sent = Flow.numbers(0, 200);
        List<Long> offsets = Flow.send(producer, topic, sent.toArray(new String[0]));
        Check.equal(offsets, sent.stream().map(Long::valueOf).collect(Collectors.toList()), "offsets");
        Check.equal(Flow.values(Flow.readToEnd(session, topic, 1)), sent, "values");
    }

    private static void appendTime(Session session) throws Exception {
        String topic = session.topic(1, "message.timestamp.type", "LogAppendTime");
        long before = System.currentTimeMillis();
        KafkaProducer<String, String> producer = session.producer();
        RecordMetadata report = Flow.send(producer, List.of(new ProducerRecord<>(topic, 0, 1L, null, "v"))).get(0);
        ConsumerRecord<String, String> record = Flow.read(session.assigned(topic), 1).get(0);
        Check.equal(record.timestampType(), TimestampType.LOG_APPEND_TIME, "type of the timestamp");
        Check.equal(record.timestamp(), report.timestamp(), "timestamp");
        Check.holds(
            before - 50 <= record.timestamp() && record.timestamp() <= System.currentTimeMillis() + 50, record.timestamp() + " is not now");
    }

    private static void tooLarge(Session session) throws Exception {
        String topic = session.topic(1, "max.message.bytes", "10000");
        KafkaProducer<String, String> producer = session.producer("max.request.size", "10000000");
        Check.equal(Flow.send(producer, topic, "x".repeat(9900)), List.of(0L), "offset of what is just small enough");
        Check.raises(RecordTooLargeException.class, "what is too big", () -> Flow.send(producer, topic, "x".repeat(10_100)));
        Check.equal(Flow.send(producer, topic, "after it"), List.of(1L), "offset of the next");
        Check.equal(Flow.values(Flow.readToEnd(session, topic, 1)), List.of("x".repeat(9900), "after it"), "values");
    }

    private static void smallFetches(Session session) throws Exception {
        String topic = session.topic(1);
        KafkaProducer<String, String> producer = session.producer();
        List<String> sent = List.of("a".repeat(500_000), "b".repeat(900_000), "c");
        for (String value : sent) {
            Flow.send(producer, topic, value);
        }
        KafkaConsumer<String, String> consumer = session.assigned(topic, "max.partition.fetch.bytes", "1000", "fetch.max.bytes", "1000");
        Map<Long, String> found = Flow.read(consumer, 3).stream().collect(Collectors.toMap(ConsumerRecord::offset, ConsumerRecord::value));
        Check.equal(found, Map.of(0L, sent.get(0), 1L, sent.get(1), 2L, sent.get(2)), "values");
    }
}

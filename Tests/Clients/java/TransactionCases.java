import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;

/** Transactions of one producer, and of two of the same name. */
final class TransactionCases {
    static final String[] COMMITTED = {"isolation.level", "read_committed"};

    private TransactionCases() {}

    static void addTo(Suite suite) {
        suite.add("a transaction that is committed", TransactionCases::commit);
        suite.add("a transaction that is aborted is seen by read_uncommitted only", TransactionCases::abort);
        suite.add("read_committed waits at an open transaction", TransactionCases::open);
        suite.add("transactions of two producers in one partition, one aborts", List.of("none", "lz4"), TransactionCases::interleaved);
        suite.add("a transaction over many partitions", TransactionCases::manyPartitions);
        suite.add("a second producer of the same id fences the first", List.of("produce", "commit", "abort", "begin"),
            TransactionCases::fencing);
        suite.add("a producer that vanished: its successor aborts what it left open", TransactionCases::abandoned);
        suite.add("a transaction that takes too long is aborted", TransactionCases::timeout);
        suite.add("a transaction timeout that is too great is refused", TransactionCases::timeoutTooGreat);
        suite.add("a message that the topic refuses: the transaction can only be aborted", TransactionCases::refusedMessage);
    }

    static KafkaProducer<String, String> writer(Session session, String id, String... settings) {
        List<String> all = new ArrayList<>(List.of(settings));
        all.addAll(List.of("transactional.id", id));
        KafkaProducer<String, String> made = session.producer(all.toArray(new String[0]));
        made.initTransactions();
        return made;
    }

    static List<String> uncommitted(Session session, String topic, int partitions) {
        return Flow.values(Flow.readToEnd(session, topic, partitions));
    }

    /** What read_committed gives in the end; the answer to a commit does not wait for the markers, so some may be late. */
    static void equalCommitted(Session session, String topic, int partitions, List<String> expected) throws Exception {
        Check.untilEqual("committed values", expected, () -> {
            List<String> found = Flow.values(Flow.readToEnd(session, topic, partitions, COMMITTED));
            Check.holds(expected.containsAll(found), "among " + found + " is what was not committed");
            return found;
        });
    }

    private static void commit(Session session) throws Exception {
        String topic = session.topic(1);
        KafkaProducer<String, String> writer = writer(session, session.name("writer"));
        for (int number = 0; number < 3; number += 1) {
            writer.beginTransaction();
            // The marker of a transaction takes an offset of its own.
            Check.equal(Flow.send(writer, topic, String.valueOf(number)), List.of(2L * number), "offset of " + number);
            writer.commitTransaction();
        }
        equalCommitted(session, topic, 1, List.of("0", "1", "2"));
        TopicPartition partition = new TopicPartition(topic, 0);
        KafkaConsumer<String, String> reader = session.assigned(topic, COMMITTED);
        Check.untilEqual("the end", Map.of(partition, 6L), () -> reader.endOffsets(List.of(partition)));
    }

    private static void abort(Session session) throws Exception {
        String topic = session.topic(1);
        KafkaProducer<String, String> writer = writer(session, session.name("writer"));
        writer.beginTransaction();
        Flow.send(writer, topic, "aborted 1", "aborted 2");
        writer.abortTransaction();
        writer.beginTransaction();
        Flow.send(writer, topic, "kept");
        writer.commitTransaction();
        // An empty one is no matter.
        writer.beginTransaction();
        writer.abortTransaction();
        equalCommitted(session, topic, 1, List.of("kept"));
        Check.equal(uncommitted(session, topic, 1), List.of("aborted 1", "aborted 2", "kept"), "uncommitted");
    }

    private static long latest(Session session, String topic, IsolationLevel level) throws Exception {
        TopicPartition partition = new TopicPartition(topic, 0);
        return Check.get(session.admin.listOffsets(Map.of(partition, OffsetSpec.latest()), new ListOffsetsOptions(level)).all())
            .get(partition).offset();
    }

    private static void open(Session session) throws Exception {
        String topic = session.topic(1);
        KafkaProducer<String, String> others = session.producer();
        KafkaProducer<String, String> writer = writer(session, session.name("writer"));
        Flow.send(others, topic, "before");
        writer.beginTransaction();
        Flow.send(writer, topic, "open");
        Flow.send(others, topic, "after");
        KafkaConsumer<String, String> reader = session.assigned(topic, COMMITTED);
        Check.equal(Flow.values(Flow.read(reader, 1)), List.of("before"), "what is before it");
        Flow.nothingComes(reader);
        Check.equal(uncommitted(session, topic, 1), List.of("before", "open", "after"), "uncommitted");
        Check.equal(latest(session, topic, IsolationLevel.READ_COMMITTED), 1L, "last stable offset");
        Check.equal(latest(session, topic, IsolationLevel.READ_UNCOMMITTED), 3L, "high watermark");
        writer.commitTransaction();
        Check.equal(Flow.values(Flow.read(reader, 2)), List.of("open", "after"), "what comes with the commit");
        Check.untilEqual("the last stable offset", 4L, () -> latest(session, topic, IsolationLevel.READ_COMMITTED));
    }

    private static void interleaved(Session session, String codec) throws Exception {
        String topic = session.topic(1);
        List<KafkaProducer<String, String>> both = List.of(
            writer(session, session.name("writer"), "compression.type", codec),
            writer(session, session.name("writer"), "compression.type", codec));
        List<String> expected = new ArrayList<>();
        for (int number = 0; number < 6; number += 1) {
            int keeps = number % 2;
            both.get(0).beginTransaction();
            both.get(1).beginTransaction();
            for (String part : List.of("a", "b")) {
                for (int who = 0; who < 2; who += 1) {
                    Flow.send(both.get(who), topic, who + "-" + number + part);
                }
                expected.add(keeps + "-" + number + part);
            }
            both.get(1 - keeps).abortTransaction();
            both.get(keeps).commitTransaction();
        }
        equalCommitted(session, topic, 1, expected);
        Check.equal(uncommitted(session, topic, 1).size(), 24, "number of uncommitted ones");
    }

    private static void manyPartitions(Session session) throws Exception {
        String topic = session.topic(12);
        KafkaProducer<String, String> writer = writer(session, session.name("writer"));
        for (boolean keep : List.of(true, false, true)) {
            writer.beginTransaction();
            for (TopicPartition partition : Flow.partitionsOf(topic, 12)) {
                writer.send(new ProducerRecord<>(topic, partition.partition(), null, keep ? "kept" : "aborted"));
            }
            if (keep) {
                writer.commitTransaction();
            } else {
                writer.flush();
                writer.abortTransaction();
            }
        }
        equalCommitted(session, topic, 12, List.of("kept ".repeat(24).split(" ")));
        Check.equal(uncommitted(session, topic, 12).size(), 36, "number of uncommitted ones");
    }

    private static void fencing(Session session, String moment) throws Exception {
        String topic = session.topic(1);
        String id = session.name("writer");
        KafkaProducer<String, String> zombie = writer(session, id);
        zombie.beginTransaction();
        Flow.send(zombie, topic, "by the zombie");
        boolean committed = moment.equals("begin");
        if (committed) {
            zombie.commitTransaction();
        }
        KafkaProducer<String, String> heir = writer(session, id);
        heir.beginTransaction();
        Flow.send(heir, topic, "by the heir");
        heir.commitTransaction();
        switch (moment) {
        case "commit": Check.raises(ProducerFencedException.class, "the commit", zombie::commitTransaction); break;
        case "abort": Check.raises(ProducerFencedException.class, "the abort", zombie::abortTransaction); break;
        case "produce":
            Check.raises(InvalidProducerEpochException.class, "a late record", () -> Flow.send(zombie, topic, "late"));
            Check.raises(KafkaException.class, "the commit of it", zombie::commitTransaction);
            Check.raises(ProducerFencedException.class, "the abort of it", zombie::abortTransaction);
            break;
        default:
            zombie.beginTransaction();
            Check.raises(ProducerFencedException.class, "a record of the next transaction", () -> Flow.send(zombie, topic, "late"));
            Check.raises(ProducerFencedException.class, "the commit of it", zombie::commitTransaction);
        }
        Check.equal(uncommitted(session, topic, 1), List.of("by the zombie", "by the heir"), "uncommitted");
        equalCommitted(session, topic, 1, committed ? List.of("by the zombie", "by the heir") : List.of("by the heir"));
    }

    private static void abandoned(Session session) throws Exception {
        String topic = session.topic(1);
        String id = session.name("writer");
        KafkaProducer<String, String> first = writer(session, id);
        first.beginTransaction();
        Flow.send(first, topic, "abandoned");
        KafkaProducer<String, String> heir = writer(session, id);
        Flow.send(session.producer(), topic, "after");
        equalCommitted(session, topic, 1, List.of("after"));
        heir.beginTransaction();
        Flow.send(heir, topic, "by the heir");
        heir.commitTransaction();
        equalCommitted(session, topic, 1, List.of("after", "by the heir"));
    }

    private static void timeout(Session session) throws Exception {
        String topic = session.topic(1);
        KafkaProducer<String, String> writer = writer(session, session.name("writer"), "transaction.timeout.ms", "1000");
        Check.Deadline since = new Check.Deadline("the end of the transaction");
        writer.beginTransaction();
        Flow.send(writer, topic, "slow");
        Flow.send(session.producer(), topic, "after");
        // Kafka looks for such transactions every 10 s.
        Check.equal(Flow.values(Flow.read(session.assigned(topic, COMMITTED), 1)), List.of("after"), "what comes when it is aborted");
        Check.holds(since.seconds() > 0.9, "it was aborted before its time: after " + since.seconds() + " s");
        Check.raises(ProducerFencedException.class, "the commit", writer::commitTransaction);
        Check.equal(uncommitted(session, topic, 1), List.of("slow", "after"), "uncommitted");
    }

    private static void timeoutTooGreat(Session session) throws Exception {
        // The client knows this error by its text only.
        KafkaException error = Check.raises(KafkaException.class, "initialising",
            () -> writer(session, session.name("writer"), "transaction.timeout.ms", "900001"));
        Check.holds(error.getMessage().contains("transaction.max.timeout.ms"), "the error is another: " + error);
    }

    private static void refusedMessage(Session session) throws Exception {
        String topic = session.topic(1, "max.message.bytes", "10000");
        KafkaProducer<String, String> writer = writer(session, session.name("writer"), "batch.size", "0");
        writer.beginTransaction();
        Flow.send(writer, topic, "small");
        writer.send(new ProducerRecord<>(topic, "x".repeat(20_000)));
        writer.flush();
        Check.raises(KafkaException.class, "the commit", writer::commitTransaction);
        writer.abortTransaction();
        writer.beginTransaction();
        Flow.send(writer, topic, "next");
        writer.commitTransaction();
        equalCommitted(session, topic, 1, List.of("next"));
        Check.equal(uncommitted(session, topic, 1), List.of("small", "next"), "uncommitted");
    }
}

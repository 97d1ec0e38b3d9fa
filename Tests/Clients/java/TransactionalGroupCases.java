import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;

/** The offsets of groups in transactions. */
final class TransactionalGroupCases {
    private TransactionalGroupCases() {}

    static void addTo(Suite suite) {
        suite.add("offsets in a transaction", List.of("commit", "abort"), TransactionalGroupCases::offsets);
        suite.add("offsets of a transaction that is open are not stable", TransactionalGroupCases::unstable);
        suite.add("offsets by a member that is no longer in the group are refused", TransactionalGroupCases::stale);
        suite.add("consume, transform, produce: each message once, though transactions are aborted and members come and go",
            TransactionalGroupCases::exactlyOnce);
    }

    private static void offsets(Session session, String end) throws Exception {
        String source = session.topic(1);
        String target = session.topic(1);
        String group = session.group();
        Flow.send(session.producer(), source, "1", "2", "3");
        KafkaConsumer<String, String> reader = session.consumer(group, TransactionCases.COMMITTED);
        reader.subscribe(List.of(source));
        Check.equal(Flow.values(Flow.read(reader, 3)), List.of("1", "2", "3"), "values");
        KafkaProducer<String, String> writer = TransactionCases.writer(session, session.name("writer"));
        TopicPartition partition = new TopicPartition(source, 0);
        writer.beginTransaction();
        Flow.send(writer, target, "done");
        writer.sendOffsetsToTransaction(
            Map.of(partition, new OffsetAndMetadata(reader.position(partition), "in a transaction")), reader.groupMetadata());
        if (end.equals("abort")) {
            writer.abortTransaction();
            Check.equal(reader.committed(Set.of(partition)).get(partition), null, "committed");
            TransactionCases.equalCommitted(session, target, 1, List.of());
        } else {
            writer.commitTransaction();
            OffsetAndMetadata found = reader.committed(Set.of(partition)).get(partition);
            Check.equal(List.of(found.offset(), found.metadata()), List.of(3L, "in a transaction"), "committed");
            TransactionCases.equalCommitted(session, target, 1, List.of("done"));
        }
    }

    private static void unstable(Session session) throws Exception {
        TopicPartition partition = new TopicPartition(session.topic(1), 0);
        String group = session.group();
        KafkaConsumer<String, String> reader = session.consumer(group, "default.api.timeout.ms", "500", "request.timeout.ms", "500");
        KafkaProducer<String, String> writer = TransactionCases.writer(session, session.name("writer"));
        writer.beginTransaction();
        writer.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(5)), reader.groupMetadata());
        // The client asks for stable offsets and repeats the question until there are some.
        Check.raises(TimeoutException.class, "asking for them", () -> reader.committed(Set.of(partition)));
        Check.equal(GroupAdminCases.offsets(session, group), Map.of(), "offsets that need not be stable");
        writer.commitTransaction();
        KafkaConsumer<String, String> next = session.consumer(group);
        Check.equal(next.committed(Set.of(partition)).get(partition).offset(), 5L, "committed");
    }

    private static void stale(Session session) throws Exception {
        String topic = session.topic(1);
        String group = session.group();
        TopicPartition partition = new TopicPartition(topic, 0);
        ConsumerGroupMetadata stale;
        try (KafkaConsumer<String, String> reader = session.consumer(group)) {
            reader.subscribe(List.of(topic));
            Check.until("the assignment", () -> {
                reader.poll(Flow.TURN);
                return !reader.assignment().isEmpty();
            });
            stale = reader.groupMetadata();
        }
        KafkaProducer<String, String> writer = TransactionCases.writer(session, session.name("writer"));
        writer.beginTransaction();
        Check.raises(CommitFailedException.class, "sending the offsets",
            () -> writer.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(5)), stale));
        writer.abortTransaction();
        Check.equal(GroupAdminCases.offsets(session, group), Map.of(), "offsets");
    }

    /** Reads, writes what it read, and commits both together; every third time it changes its mind. */
    private static final class Worker extends Thread {
        private final KafkaConsumer<String, String> reader;
        private final KafkaProducer<String, String> writer;
        private final String target;
        private volatile boolean ended;
        private volatile int aborted;
        private volatile Exception failure;

        Worker(Session session, String group, String source, String target) {
            super("worker");
            setDaemon(true);
            this.target = target;
            reader = session.consumer(group, "isolation.level", "read_committed", "max.poll.records", "7");
            reader.subscribe(List.of(source));
            writer = TransactionCases.writer(session, session.name("writer"));
            session.closed(this::finish);
        }

        @Override
        public void run() {
            try {
                int turn = 0;
                while (!ended) {
                    ConsumerRecords<String, String> records = reader.poll(Flow.TURN);
                    if (!records.isEmpty()) {
                        turn += 1;
                        pass(records, turn % 3 != 0);
                    }
                }
            } catch (Exception error) {
                failure = error;
            } finally {
                reader.close();
            }
        }

        private void pass(ConsumerRecords<String, String> records, boolean keep) {
            Map<TopicPartition, OffsetAndMetadata> done = new TreeMap<>((a, b) -> a.partition() - b.partition());
            writer.beginTransaction();
            for (ConsumerRecord<String, String> record : records) {
                writer.send(new ProducerRecord<>(target, 0, null, record.value()));
                done.put(new TopicPartition(record.topic(), record.partition()), new OffsetAndMetadata(record.offset() + 1));
            }
            try {
                writer.sendOffsetsToTransaction(done, reader.groupMetadata());
                if (keep) {
                    writer.commitTransaction();
                    return;
                }
            } catch (CommitFailedException | RebalanceInProgressException rebalance) {
                // The partitions are another's now, or will be.
            }
            // What was written before it was aborted is what read_uncommitted must see.
            writer.flush();
            writer.abortTransaction();
            aborted += 1;
            Map<TopicPartition, OffsetAndMetadata> committed = reader.committed(reader.assignment());
            committed.forEach((partition, offset) -> reader.seek(partition, offset == null ? 0 : offset.offset()));
        }

        void finish() throws InterruptedException {
            ended = true;
            if (isAlive()) {
                join(TimeUnit.SECONDS.toMillis(Check.PATIENCE));
            }
        }
    }

    private static void exactlyOnce(Session session) throws Exception {
        String source = session.topic(4);
        String target = session.topic(1);
        String group = session.group();
        KafkaProducer<String, String> producer = session.producer();
        List<Worker> workers = new ArrayList<>();
        int sent = 0;
        for (int part = 0; part < 3; part += 1) {
            // A second worker comes while there is work, and the first leaves.
            if (part < 2) {
                workers.add(new Worker(session, group, source, target));
                workers.get(part).start();
            } else {
                workers.get(0).finish();
            }
            Flow.send(producer, Flow.numbered(source, 4, sent, 60));
            sent += 60;
            HashSet<String> expected = new HashSet<>(Flow.numbers(0, sent));
            Check.untilEqual("the results", expected, () -> {
                for (Worker worker : workers) {
                    Check.holds(worker.failure == null, "a worker ended: " + worker.failure);
                }
                return new HashSet<>(Flow.values(Flow.readToEnd(session, target, 1, TransactionCases.COMMITTED)));
            });
        }
        for (Worker worker : workers) {
            worker.finish();
        }
        List<String> found = Flow.values(Flow.readToEnd(session, target, 1, TransactionCases.COMMITTED));
        Check.equal(found.size(), sent, "number of results");
        int aborted = workers.stream().mapToInt(worker -> worker.aborted).sum();
        Check.holds(aborted > 0, "no transaction was aborted");
        Check.holds(TransactionCases.uncommitted(session, target, 1).size() >= sent + aborted, "what was aborted is not there");
        long committed = GroupAdminCases.offsets(session, group).values().stream().mapToLong(Long::longValue).sum();
        Check.equal(committed, (long) sent, "sum of the offsets");
    }
}

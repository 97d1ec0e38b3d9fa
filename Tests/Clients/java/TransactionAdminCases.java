import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** What an administrator sees of transactions, and does with them. */
final class TransactionAdminCases {
    private TransactionAdminCases() {}

    static void addTo(Suite suite) {
        suite.add("list and describe transactions", TransactionAdminCases::describe);
        suite.add("describe producers: of a transaction, and of none", TransactionAdminCases::producers);
        suite.add("an administrator aborts a transaction", TransactionAdminCases::abort);
        suite.add("an administrator fences a producer", TransactionAdminCases::fence);
    }

    private static TransactionDescription describe(Session session, String id) throws Exception {
        return Check.get(session.admin.describeTransactions(List.of(id)).description(id));
    }

    private static List<TransactionState> listed(Session session, String id, ListTransactionsOptions options) throws Exception {
        return Check.get(session.admin.listTransactions(options).all()).stream()
            .filter(transaction -> transaction.transactionalId().equals(id)).map(TransactionListing::state).collect(Collectors.toList());
    }

    private static void describe(Session session) throws Exception {
        String topic = session.topic(2);
        String id = session.name("writer");
        long before = System.currentTimeMillis();
        KafkaProducer<String, String> writer = TransactionCases.writer(session, id, "transaction.timeout.ms", "50000");
        Check.equal(describe(session, id).state(), TransactionState.EMPTY, "state before the first");
        writer.beginTransaction();
        Flow.send(writer, Flow.numbered(topic, 2, 0, 4));
        TransactionDescription about = describe(session, id);
        Check.equal(about.state(), TransactionState.ONGOING, "state of an open one");
        Check.equal(about.transactionTimeoutMs(), 50_000L, "timeout");
        Check.equal(about.topicPartitions(), Set.copyOf(Flow.partitionsOf(topic, 2)), "partitions");
        long start = about.transactionStartTimeMs().orElse(0);
        Check.holds(before - 50 <= start && start <= System.currentTimeMillis() + 50, "start: " + start);
        Check.holds(session.brokerIds().contains(about.coordinatorId()), "the coordinator is no broker");
        ListTransactionsOptions open = new ListTransactionsOptions().filterStates(Set.of(TransactionState.ONGOING));
        ListTransactionsOptions ours = new ListTransactionsOptions().filterProducerIds(Set.of(about.producerId()));
        ListTransactionsOptions old = new ListTransactionsOptions().filterOnDuration(3_600_000);
        Check.equal(listed(session, id, new ListTransactionsOptions()), List.of(TransactionState.ONGOING), "listed");
        Check.equal(listed(session, id, open), List.of(TransactionState.ONGOING), "listed of those that are open");
        Check.equal(listed(session, id, ours), List.of(TransactionState.ONGOING), "listed of the producer's");
        Check.equal(listed(session, id, old), List.of(), "listed of those that are an hour old");
        writer.commitTransaction();
        Check.untilEqual("the state", TransactionState.COMPLETE_COMMIT, () -> describe(session, id).state());
        Check.equal(listed(session, id, open), List.of(), "listed of those that are open, in the end");
        writer.beginTransaction();
        Flow.send(writer, topic, "aborted");
        writer.abortTransaction();
        Check.untilEqual("the state", TransactionState.COMPLETE_ABORT, () -> describe(session, id).state());
        Check.raises(TransactionalIdNotFoundException.class, "one that is not there", () -> describe(session, session.name("absent")));
    }

    private static ProducerState producer(Session session, TopicPartition partition) throws Exception {
        List<ProducerState> all =
            Check.get(session.admin.describeProducers(List.of(partition)).partitionResult(partition)).activeProducers();
        Check.equal(all.size(), 1, "producers of the partition");
        return all.get(0);
    }

    private static void producers(Session session) throws Exception {
        String topic = session.topic(1);
        TopicPartition partition = new TopicPartition(topic, 0);
        String id = session.name("writer");
        KafkaProducer<String, String> writer = TransactionCases.writer(session, id);
        writer.beginTransaction();
        Flow.send(writer, topic, "1", "2");
        writer.commitTransaction();
        Check.untilEqual("a transaction", false, () -> producer(session, partition).currentTransactionStartOffset().isPresent());
        writer.beginTransaction();
        Flow.send(writer, topic, "3", "4", "5");
        ProducerState state = producer(session, partition);
        Check.equal(state.producerId(), describe(session, id).producerId(), "producer id");
        Check.equal(state.producerEpoch(), describe(session, id).producerEpoch(), "epoch");
        Check.equal(state.currentTransactionStartOffset().orElse(-1), 3L, "start of the transaction");
        // Since version 2 of transactions each of them has an epoch of its own, and counts from 0.
        Check.holds(state.lastSequence() == (state.producerEpoch() == 0 ? 4 : 2), "last sequence: " + state.lastSequence());
    }

    private static void abort(Session session) throws Exception {
        String topic = session.topic(1);
        TopicPartition partition = new TopicPartition(topic, 0);
        KafkaProducer<String, String> writer = TransactionCases.writer(session, session.name("writer"));
        writer.beginTransaction();
        Flow.send(writer, topic, "hanging");
        Flow.send(session.producer(), topic, "after");
        ProducerState state = Check.get(session.admin.describeProducers(List.of(partition)).partitionResult(partition))
            .activeProducers().stream().filter(one -> one.currentTransactionStartOffset().isPresent()).findAny().get();
        AbortTransactionSpec hanging = new AbortTransactionSpec(
            partition, state.producerId(), (short) state.producerEpoch(), state.coordinatorEpoch().orElse(0));
        try {
            Check.get(session.admin.abortTransaction(hanging).all());
        } catch (UnsupportedVersionException none) {
            throw new Suite.Skipped("this broker does not serve WriteTxnMarkers");
        }
        TransactionCases.equalCommitted(session, topic, 1, List.of("after"));
        Check.equal(TransactionCases.uncommitted(session, topic, 1), List.of("hanging", "after"), "uncommitted");
    }

    private static void fence(Session session) throws Exception {
        String topic = session.topic(1);
        String id = session.name("writer");
        KafkaProducer<String, String> writer = TransactionCases.writer(session, id);
        writer.beginTransaction();
        Flow.send(writer, topic, "open");
        long producer = describe(session, id).producerId();
        long fenced = Check.get(session.admin.fenceProducers(List.of(id)).producerId(id));
        Check.equal(fenced, producer, "producer id");
        Check.raises(ProducerFencedException.class, "the commit", writer::commitTransaction);
        TransactionCases.equalCommitted(session, topic, 1, List.of());
        Check.untilEqual("the state", TransactionState.EMPTY, () -> describe(session, id).state());
    }
}

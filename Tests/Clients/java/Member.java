import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;

/** A consumer in a thread of its own, since its calls wait for rebalances: it reads and commits until it is told to leave. */
final class Member implements ConsumerRebalanceListener {
    /** What it does in its thread before it reads: to subscribe, usually. */
    interface Start {
        void run(KafkaConsumer<String, String> consumer, ConsumerRebalanceListener listener);
    }

    private final KafkaConsumer<String, String> consumer;
    private final Thread thread;
    private volatile boolean ended;
    private volatile Exception failure;
    private final List<ConsumerRecord<String, String>> records = Collections.synchronizedList(new ArrayList<>());
    private final List<TopicPartition> revoked = Collections.synchronizedList(new ArrayList<>());
    private volatile List<TopicPartition> owned = List.of();
    private volatile int assignments;
    private volatile int refused;

    Member(Session session, String group, String topic, String... settings) {
        this(session, group, (consumer, listener) -> consumer.subscribe(List.of(topic), listener), settings);
    }

    Member(Session session, String group, Start start, String... settings) {
        consumer = session.consumer(group, settings);
        thread = new Thread(() -> run(start), "member of " + group);
        thread.setDaemon(true);
        session.closed(this::leave);
        thread.start();
    }

    private void run(Start start) {
        try {
            start.run(consumer, this);
            int uncommitted = 0;
            while (!ended) {
                ConsumerRecords<String, String> found = consumer.poll(Flow.TURN);
                found.forEach(records::add);
                uncommitted += found.count();
                if (uncommitted > 0) {
                    uncommitted = commit(uncommitted);
                }
                owned = sorted(consumer.assignment());
            }
        } catch (Exception error) {
            failure = error;
        } finally {
            owned = List.of();
            consumer.close();
        }
    }

    /** Says how many of the records are still to be committed. A rebalance that is under way refuses them, and polling ends it. */
    private int commit(int count) {
        try {
            consumer.commitSync();
            return 0;
        } catch (RebalanceInProgressException | CommitFailedException again) {
            refused += count;
            return count;
        }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        revoked.addAll(partitions);
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        assignments += 1;
    }

    /** Ends it; one with a name of its own (group.instance.id) stays in the group for the time of its session. */
    void leave() throws InterruptedException {
        ended = true;
        thread.join(TimeUnit.SECONDS.toMillis(Check.PATIENCE));
        Check.holds(!thread.isAlive(), "a member does not end");
    }

    List<TopicPartition> owned() {
        return owned;
    }

    List<TopicPartition> revoked() {
        return new ArrayList<>(revoked);
    }

    List<ConsumerRecord<String, String>> records() {
        return new ArrayList<>(records);
    }

    int assignments() {
        return assignments;
    }

    /** How many of its records were not committed by the first try: another may have read them, too. */
    int refused() {
        return refused;
    }

    Exception failure() {
        return failure;
    }

    void isWell() {
        Check.holds(failure == null, "a member ended: " + failure);
    }

    private static List<TopicPartition> sorted(Collection<TopicPartition> partitions) {
        TreeSet<TopicPartition> sorted =
            new TreeSet<>((a, b) -> a.topic().equals(b.topic()) ? a.partition() - b.partition() : a.topic().compareTo(b.topic()));
        sorted.addAll(partitions);
        return List.copyOf(sorted);
    }

    /** Until each of the topic's partitions has one owner, in shares as equal as can be. */
    static void settle(List<Member> members, String topic, int partitions) throws Exception {
        int least = partitions / members.size();
        int most = (partitions + members.size() - 1) / members.size();
        Check.Deadline deadline = new Check.Deadline(partitions + " partitions for " + members.size() + " members");
        while (true) {
            List<List<TopicPartition>> shares = new ArrayList<>();
            List<TopicPartition> all = new ArrayList<>();
            boolean fair = true;
            for (Member member : members) {
                member.isWell();
                List<TopicPartition> share = member.owned();
                fair &= least <= share.size() && share.size() <= most;
                shares.add(share);
                all.addAll(share);
            }
            if (fair && all.size() == partitions && sorted(all).equals(Flow.partitionsOf(topic, partitions))) {
                return;
            }
            deadline.check(shares);
            Thread.sleep(10);
        }
    }
}

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/** Records on their way to the broker and back. */
final class Flow {
    static final Duration TURN = Duration.ofMillis(50);

    private Flow() {}

    /** Sends the records; throws what the first that was refused was refused with. */
    static List<RecordMetadata> send(KafkaProducer<String, String> producer, List<ProducerRecord<String, String>> records)
        throws Exception {
        List<Future<RecordMetadata>> futures = records.stream().map(producer::send).collect(Collectors.toList());
        producer.flush();
        List<RecordMetadata> reports = new ArrayList<>();
        for (Future<RecordMetadata> future : futures) {
            reports.add(Check.get(future));
        }
        return reports;
    }

    /** The offsets of records without a key in the first partition. */
    static List<Long> send(KafkaProducer<String, String> producer, String topic, String... values) throws Exception {
        List<ProducerRecord<String, String>> records = new ArrayList<>();
        for (String value : values) {
            records.add(new ProducerRecord<>(topic, 0, null, value));
        }
        return send(producer, records).stream().map(RecordMetadata::offset).collect(Collectors.toList());
    }

    /** So many records that go to the partitions in turn, with the values from `first` on. */
    static List<ProducerRecord<String, String>> numbered(String topic, int partitions, int first, int count) {
        return IntStream.range(0, count)
            .mapToObj(n -> new ProducerRecord<String, String>(topic, n % partitions, null, String.valueOf(first + n)))
            .collect(Collectors.toList());
    }

    /** The next records, at least so many, in the order of the partitions. */
    static List<ConsumerRecord<String, String>> read(KafkaConsumer<String, String> consumer, int count) {
        List<ConsumerRecord<String, String>> found = new ArrayList<>();
        Check.Deadline deadline = new Check.Deadline(count + " records");
        while (found.size() < count) {
            consumer.poll(TURN).forEach(found::add);
            deadline.check(values(found));
        }
        return sorted(found);
    }

    /** All of the partitions, from the earliest on, up to the end that a consumer with these settings sees. */
    static List<ConsumerRecord<String, String>> readToEnd(Session session, String topic, int partitions, String... settings) {
        List<TopicPartition> all = partitionsOf(topic, partitions);
        List<ConsumerRecord<String, String>> found = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = session.consumer(null, settings)) {
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Check.Deadline deadline = new Check.Deadline("the end of " + topic);
            consumer.endOffsets(all).forEach((partition, end) -> {
                while (consumer.position(partition) < end) {
                    consumer.poll(TURN).forEach(found::add);
                    deadline.check(values(found));
                }
            });
        }
        return sorted(found);
    }

    private static List<ConsumerRecord<String, String>> sorted(List<ConsumerRecord<String, String>> records) {
        Comparator<ConsumerRecord<String, String>> place = Comparator.comparingInt(ConsumerRecord::partition);
        return records.stream().sorted(place.thenComparingLong(ConsumerRecord::offset)).collect(Collectors.toList());
    }

    static void nothingComes(KafkaConsumer<String, String> consumer) {
        List<ConsumerRecord<String, String>> found = new ArrayList<>();
        for (Check.Deadline deadline = new Check.Deadline("nothing"); deadline.seconds() < 0.3;) {
            consumer.poll(TURN).forEach(found::add);
        }
        Check.equal(values(found), List.of(), "what comes although nothing should");
    }

    static List<String> values(Collection<ConsumerRecord<String, String>> records) {
        return records.stream().map(ConsumerRecord::value).collect(Collectors.toList());
    }

    static List<Long> offsets(Collection<ConsumerRecord<String, String>> records) {
        return records.stream().map(ConsumerRecord::offset).collect(Collectors.toList());
    }

    static List<TopicPartition> partitionsOf(String topic, int count) {
        return IntStream.range(0, count).mapToObj(n -> new TopicPartition(topic, n)).collect(Collectors.toList());
    }

    static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(String::valueOf).collect(Collectors.toList());
    }
}

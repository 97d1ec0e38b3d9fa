import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** Offsets: where a log begins and ends, and where a consumer stands. */
final class PositionCases {
    private PositionCases() {}

    static void addTo(Suite suite) {
        suite.add("beginning, end, offsets for times, seek", PositionCases::positions);
        suite.add("an offset out of range is reset", List.of("earliest", "latest", "by_duration:PT10M"), PositionCases::reset);
        suite.add("an offset out of range is an error if so wanted, and so is that there is none", PositionCases::noReset);
        suite.add("list offsets: earliest, latest, by timestamp, of the greatest timestamp", PositionCases::listOffsets);
        suite.add("delete records", PositionCases::deleteRecords);
    }

    /** A topic with a record at each of the times, its value. */
    private static String timed(Session session, long... times) throws Exception {
        String topic = session.topic(2);
        List<ProducerRecord<String, String>> records = new ArrayList<>();
        for (long time : times) {
            records.add(new ProducerRecord<>(topic, 0, time, null, String.valueOf(time)));
        }
        Flow.send(session.producer(), records);
        return topic;
    }

    private static void positions(Session session) throws Exception {
        String topic = timed(session, 100, 200, 300);
        TopicPartition full = new TopicPartition(topic, 0);
        TopicPartition empty = new TopicPartition(topic, 1);
        KafkaConsumer<String, String> consumer = session.assigned(topic);
        Check.equal(consumer.beginningOffsets(List.of(full, empty)), Map.of(full, 0L, empty, 0L), "beginning");
        Check.equal(consumer.endOffsets(List.of(full, empty)), Map.of(full, 3L, empty, 0L), "end");
        Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(Map.of(full, 150L, empty, 150L));
        Check.equal(List.of(found.get(full).offset(), found.get(full).timestamp()), List.of(1L, 200L), "the offset for a time");
        Check.equal(found.get(empty), null, "the offset in the empty partition");
        Check.equal(consumer.offsetsForTimes(Map.of(full, 301L)), Collections.singletonMap(full, null), "the offset beyond the last");
        consumer.seek(full, 2);
        Check.equal(Flow.values(Flow.read(consumer, 1)), List.of("300"), "values from 2 on");
        consumer.seekToBeginning(List.of(full));
        Check.equal(Flow.values(Flow.read(consumer, 3)), List.of("100", "200", "300"), "values from the beginning on");
        Check.equal(consumer.position(full), 3L, "position");
        Check.equal(consumer.currentLag(full).orElse(-1), 0L, "lag");
        consumer.seekToEnd(List.of(full));
        Flow.nothingComes(consumer);
        Check.equal(Flow.send(session.producer(), topic, "next"), List.of(3L), "offset");
        Check.equal(Flow.values(Flow.read(consumer, 1)), List.of("next"), "values from the end on");
    }

    private static void reset(Session session, String policy) throws Exception {
        long now = System.currentTimeMillis();
        String topic = timed(session, now - 3_600_000, now);
        KafkaConsumer<String, String> consumer = session.assigned(topic, "auto.offset.reset", policy);
        TopicPartition partition = new TopicPartition(topic, 0);
        consumer.seek(partition, 99);
        if (policy.equals("latest")) {
            Check.untilEqual("the position", 2L, () -> {
                consumer.poll(Flow.TURN);
                return consumer.position(partition);
            });
            Flow.send(session.producer(), topic, "next");
        }
        long first = policy.equals("earliest") ? 0 : policy.equals("latest") ? 2 : 1;
        ConsumerRecord<String, String> record = Flow.read(consumer, 1).get(0);
        Check.equal(record.offset(), first, "the first offset that comes");
    }

    private static void noReset(Session session) throws Exception {
        String topic = timed(session, 100);
        TopicPartition partition = new TopicPartition(topic, 0);
        KafkaConsumer<String, String> consumer = session.assigned(topic, "auto.offset.reset", "none");
        consumer.seek(partition, 99);
        OffsetOutOfRangeException error =
            Check.raises(OffsetOutOfRangeException.class, "reading from 99 on", () -> Flow.read(consumer, 1));
        Check.equal(error.offsetOutOfRangePartitions(), Map.of(partition, 99L), "what is out of range");
        consumer.seek(partition, 0);
        Check.equal(Flow.values(Flow.read(consumer, 1)), List.of("100"), "what comes from 0 on");
        KafkaConsumer<String, String> member = session.consumer(session.group(), "auto.offset.reset", "none");
        member.assign(List.of(partition));
        Check.raises(NoOffsetForPartitionException.class, "reading for a group without offsets", () -> Flow.read(member, 1));
    }

    private static ListOffsetsResultInfo list(Admin admin, String topic, int partition, OffsetSpec spec) throws Exception {
        TopicPartition place = new TopicPartition(topic, partition);
        return Check.get(admin.listOffsets(Map.of(place, spec)).partitionResult(place));
    }

    private static void listOffsets(Session session) throws Exception {
        String topic = timed(session, 1000, 3000, 2000, 4000, 3500);
        List<OffsetSpec> specs = Arrays.asList(
            OffsetSpec.earliest(), OffsetSpec.latest(), OffsetSpec.forTimestamp(0), OffsetSpec.forTimestamp(1001),
            OffsetSpec.forTimestamp(3001), OffsetSpec.forTimestamp(4001), OffsetSpec.maxTimestamp(), OffsetSpec.earliestLocal());
        long[][] expected = {{0, -1}, {5, -1}, {0, 1000}, {1, 3000}, {3, 4000}, {-1, -1}, {3, 4000}, {0, -1}};
        long[] inEmpty = {0, 0, -1, -1, -1, -1, -1, 0};
        for (int i = 0; i < specs.size(); i += 1) {
            ListOffsetsResultInfo found = list(session.admin, topic, 0, specs.get(i));
            Check.equal(List.of(found.offset(), found.timestamp()), List.of(expected[i][0], expected[i][1]), "answer " + i);
            Check.equal(list(session.admin, topic, 1, specs.get(i)).offset(), inEmpty[i], "answer " + i + " of an empty partition");
        }
    }

    private static long delete(Session session, String topic, long before) throws Exception {
        TopicPartition place = new TopicPartition(topic, 0);
        return Check.get(session.admin.deleteRecords(Map.of(place, RecordsToDelete.beforeOffset(before))).lowWatermarks().get(place))
            .lowWatermark();
    }

    private static void deleteRecords(Session session) throws Exception {
        String topic = session.topic(1);
        Flow.send(session.producer(), Flow.numbered(topic, 1, 0, 10));
        Check.equal(delete(session, topic, 4), 4L, "low watermark");
        Check.equal(Flow.offsets(Flow.readToEnd(session, topic, 1)), List.of(4L, 5L, 6L, 7L, 8L, 9L), "what is left");
        Check.equal(list(session.admin, topic, 0, OffsetSpec.earliest()).offset(), 4L, "earliest offset");
        Check.equal(delete(session, topic, 2), 4L, "low watermark after a lower offset");
        Check.raises(org.apache.kafka.common.errors.OffsetOutOfRangeException.class, "deleting beyond the end",
            () -> delete(session, topic, 11));
        Check.equal(delete(session, topic, -1), 10L, "low watermark after deleting everything");
        Check.equal(Flow.send(session.producer(), topic, "next"), List.of(10L), "offset of the next");
        Check.equal(Flow.values(Flow.readToEnd(session, topic, 1)), List.of("next"), "what is there in the end");
    }
}

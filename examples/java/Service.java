import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A kitchen: reads orders, and writes a meal for each; with Kafka's own client and Jackson. */
public final class Service {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final KafkaProducer<byte[], byte[]> producer;
    private final String crashMarker = System.getenv("CRASH_ONCE");
    private int done = 0;

    private Service(String brokers) {
        Properties reading = new Properties();
        reading.put("bootstrap.servers", brokers);
        reading.put("group.id", "kitchen");
        reading.put("client.id", "kitchen");
        reading.put("auto.offset.reset", "earliest");
        reading.put("enable.auto.commit", "false");
        reading.put("max.poll.records", "20");
        reading.put("session.timeout.ms", System.getenv().getOrDefault("SESSION_TIMEOUT_MS", "45000"));
        reading.put("heartbeat.interval.ms", "200");
        reading.put("key.deserializer", ByteArrayDeserializer.class);
        reading.put("value.deserializer", ByteArrayDeserializer.class);
        consumer = new KafkaConsumer<>(reading);
        Properties writing = new Properties();
        writing.put("bootstrap.servers", brokers);
        writing.put("client.id", "kitchen");
        // Sent again where no acknowledgement comes, and never twice in the log.
        writing.put("enable.idempotence", "true");
        writing.put("key.serializer", ByteArraySerializer.class);
        writing.put("value.serializer", ByteArraySerializer.class);
        producer = new KafkaProducer<>(writing);
    }

    public static void main(String[] arguments) throws Exception {
        Service service = new Service(System.getenv("KAFKA_BOOTSTRAP_SERVERS"));
        Thread main = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            service.consumer.wakeup();
            try {
                main.join();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }));
        try {
            service.run();
        } catch (WakeupException end) {
            // Somebody wants it to end.
        } finally {
            service.producer.close();
            service.consumer.close();
        }
    }

    private void run() throws Exception {
        consumer.subscribe(List.of("orders"), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                System.out.println("kitchen is open");
            }

            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}
        });
        while (true) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(200));
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> record : records) {
                sent.add(producer.send(answer(record)));
                done += 1;
                if (crashMarker != null && done == 5 && Files.notExists(Path.of(crashMarker))) {
                    // As power goes: the meals are there, and nothing is committed.
                    producer.flush();
                    Files.createFile(Path.of(crashMarker));
                    System.err.println("the lights go out");
                    Runtime.getRuntime().halt(1);
                }
            }
            if (sent.isEmpty()) continue;
            // First the meals, then the commit: after a crash some are cooked twice, and none is forgotten.
            for (Future<RecordMetadata> meal : sent) meal.get();
            consumer.commitSync();
        }
    }

    /** The meal for an order, or the dead letter for what is none. */
    private static ProducerRecord<byte[], byte[]> answer(ConsumerRecord<byte[], byte[]> order) throws Exception {
        String reason;
        try {
            JsonNode root = JSON.readTree(order.value());
            if (root.path("id").isIntegralNumber() && root.path("dish").isTextual()) {
                byte[] meal = JSON.writeValueAsBytes(JSON.createObjectNode()
                    .put("for", root.get("id").asLong())
                    .put("dish", root.get("dish").asText().toUpperCase(Locale.ROOT)));
                return new ProducerRecord<>("meals", order.key(), meal);
            }
            reason = "no id or no dish";
        } catch (JsonProcessingException problem) {
            reason = "no JSON";
        }
        System.err.println("not an order: " + reason);
        ProducerRecord<byte[], byte[]> letter = new ProducerRecord<>("orders-dlq", order.key(), order.value());
        letter.headers().add("reason", reason.getBytes(StandardCharsets.UTF_8));
        letter.headers().add("from", ("orders/" + order.partition()).getBytes(StandardCharsets.UTF_8));
        return letter;
    }
}

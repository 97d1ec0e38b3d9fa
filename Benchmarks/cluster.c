/* The cluster on which krun and kcat are measured, so that neither brings its own.
 *
 *   cluster mock PARTITIONS TOPIC...               a librdkafka mock cluster of three brokers
 *   cluster real BOOTSTRAP PARTITIONS TOPIC...     a Kafka that runs already
 *
 * Creates the topics, prints the bootstrap addresses, and waits until its standard input ends; then deletes what it created.
 */
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void die(const char *what, const char *why) {
    fprintf(stderr, "cluster: %s: %s\n", what, why);
    exit(1);
}

static rd_kafka_t *client(const char *bootstrap) {
    char error[512];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    if (bootstrap && rd_kafka_conf_set(conf, "bootstrap.servers", bootstrap, error, sizeof error))
        die("bootstrap.servers", error);
    /* The client that carries the mock cluster has no broker of its own, which is worth a warning to librdkafka. */
    if (rd_kafka_conf_set(conf, "log_level", "4", error, sizeof error)) die("log_level", error);
    rd_kafka_t *rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, sizeof error);
    if (!rk) die("client", error);
    return rk;
}

static void announce_and_wait(const char *bootstrap) {
    printf("%s\n", bootstrap);
    fflush(stdout);
    while (getchar() != EOF) {
    }
}

static void mock(int partitions, char **topics, int count) {
    rd_kafka_t *rk = client(NULL);
    rd_kafka_mock_cluster_t *cluster = rd_kafka_mock_cluster_new(rk, 3);
    if (!cluster) die("mock cluster", "cannot be started");
    for (int i = 0; i < count; i++) {
        rd_kafka_resp_err_t code = rd_kafka_mock_topic_create(cluster, topics[i], partitions, 1);
        if (code) die(topics[i], rd_kafka_err2str(code));
    }
    announce_and_wait(rd_kafka_mock_cluster_bootstraps(cluster));
    rd_kafka_mock_cluster_destroy(cluster);
    rd_kafka_destroy(rk);
}

/* Waits for the answer to an admin request and dies of the first topic that has an error. */
static void await_topics(rd_kafka_queue_t *queue, int is_creation) {
    rd_kafka_event_t *event = rd_kafka_queue_poll(queue, 30000);
    if (!event) die("topics", "no answer within 30 s");
    if (rd_kafka_event_error(event)) die("topics", rd_kafka_event_error_string(event));
    size_t count;
    const rd_kafka_topic_result_t **results =
        is_creation ? rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count)
                    : rd_kafka_DeleteTopics_result_topics(rd_kafka_event_DeleteTopics_result(event), &count);
    for (size_t i = 0; i < count; i++)
        if (rd_kafka_topic_result_error(results[i]))
            die(rd_kafka_topic_result_name(results[i]), rd_kafka_err2str(rd_kafka_topic_result_error(results[i])));
    rd_kafka_event_destroy(event);
}

/* A broker may take a second to hear of a thousand partitions that were made. */
static void await_partitions(rd_kafka_t *rk, int partitions, char **topics, int count) {
    for (int attempt = 0; attempt < 300; attempt++) {
        const struct rd_kafka_metadata *metadata;
        rd_kafka_resp_err_t code = rd_kafka_metadata(rk, 1, NULL, &metadata, 30000);
        if (code) die("metadata", rd_kafka_err2str(code));
        int missing = count;
        for (int i = 0; i < metadata->topic_cnt; i++) {
            const rd_kafka_metadata_topic_t *topic = &metadata->topics[i];
            int led = 0;
            for (int j = 0; j < topic->partition_cnt; j++) led += topic->partitions[j].leader >= 0;
            for (int j = 0; j < count; j++) missing -= !strcmp(topics[j], topic->topic) && led == partitions;
        }
        rd_kafka_metadata_destroy(metadata);
        if (!missing) return;
        usleep(100 * 1000);
    }
    die("topics", "not led within 30 s");
}

static void real(const char *bootstrap, int partitions, char **topics, int count) {
    rd_kafka_t *rk = client(bootstrap);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(rk);
    rd_kafka_NewTopic_t *made[count];
    rd_kafka_DeleteTopic_t *gone[count];
    char error[512];
    for (int i = 0; i < count; i++) {
        made[i] = rd_kafka_NewTopic_new(topics[i], partitions, -1, error, sizeof error);
        if (!made[i]) die(topics[i], error);
        gone[i] = rd_kafka_DeleteTopic_new(topics[i]);
    }
    rd_kafka_CreateTopics(rk, made, count, NULL, queue);
    await_topics(queue, 1);
    await_partitions(rk, partitions, topics, count);
    announce_and_wait(bootstrap);
    rd_kafka_DeleteTopics(rk, gone, count, NULL, queue);
    await_topics(queue, 0);
    rd_kafka_NewTopic_destroy_array(made, count);
    rd_kafka_DeleteTopic_destroy_array(gone, count);
    rd_kafka_queue_destroy(queue);
    rd_kafka_destroy(rk);
}

int main(int argc, char **argv) {
    if (argc >= 4 && !strcmp(argv[1], "mock")) {
        mock(atoi(argv[2]), argv + 3, argc - 3);
    } else if (argc >= 5 && !strcmp(argv[1], "real")) {
        real(argv[2], atoi(argv[3]), argv + 4, argc - 4);
    } else {
        die("usage", "cluster mock PARTITIONS TOPIC... | cluster real BOOTSTRAP PARTITIONS TOPIC...");
    }
    return 0;
}

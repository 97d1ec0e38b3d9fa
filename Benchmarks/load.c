/* The client with which brokers are measured: the same librdkafka, the same load, whatever the broker.
 *
 *   load produce BOOTSTRAP TOPIC PARTITIONS COUNT SIZE    COUNT messages of SIZE bytes, acknowledged by all
 *   load consume BOOTSTRAP TOPIC PARTITIONS COUNT         reads until it has COUNT messages
 *   load groups BOOTSTRAP TOPIC GROUPS MEMBERS            so many groups of so many members, all started at once
 *
 * Prints the seconds that it took, from the first message (or the first member's start) to the last acknowledgement, message or
 * assignment; connecting is not counted.
 */
#include <librdkafka/rdkafka.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void die(const char *what, const char *why) {
    fprintf(stderr, "load: %s: %s\n", what, why);
    exit(1);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void set(rd_kafka_conf_t *conf, const char *name, const char *value) {
    char error[512];
    if (rd_kafka_conf_set(conf, name, value, error, sizeof error)) die(name, error);
}

static rd_kafka_t *client(rd_kafka_type_t type, rd_kafka_conf_t *conf) {
    char error[512];
    rd_kafka_t *rk = rd_kafka_new(type, conf, error, sizeof error);
    if (!rk) die("client", error);
    return rk;
}

static long delivered, failed;

static void on_delivery(rd_kafka_t *rk, const rd_kafka_message_t *message, void *opaque) {
    (void)rk;
    (void)opaque;
    if (message->err) failed++;
    else delivered++;
}

/* Messages change the partition a thousand at a time, so that batches fill. */
static void produce(const char *bootstrap, const char *topic, int partitions, long count, size_t size) {
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    set(conf, "bootstrap.servers", bootstrap);
    set(conf, "queue.buffering.max.messages", "1000000");
    set(conf, "log_level", "4");
    rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
    rd_kafka_t *rk = client(RD_KAFKA_PRODUCER, conf);
    rd_kafka_topic_t *handle = rd_kafka_topic_new(rk, topic, NULL);
    const struct rd_kafka_metadata *metadata;
    rd_kafka_resp_err_t code = rd_kafka_metadata(rk, 0, handle, &metadata, 10000);
    if (code) die("metadata", rd_kafka_err2str(code));
    rd_kafka_metadata_destroy(metadata);
    char *value = malloc(size);
    memset(value, 'x', size);
    double start = now();
    for (long i = 0; i < count; i++) {
        int32_t partition = (int32_t)((i / 1000) % partitions);
        while (rd_kafka_produce(handle, partition, RD_KAFKA_MSG_F_COPY, value, size, NULL, 0, NULL) == -1) {
            if (rd_kafka_last_error() != RD_KAFKA_RESP_ERR__QUEUE_FULL) die("produce", rd_kafka_err2str(rd_kafka_last_error()));
            rd_kafka_poll(rk, 10);
        }
        if (i % 1000 == 0) rd_kafka_poll(rk, 0);
    }
    rd_kafka_flush(rk, 600000);
    double seconds = now() - start;
    if (failed > 0 || delivered != count) die("delivery", "not every message was acknowledged");
    printf("%.6f\n", seconds);
    free(value);
    rd_kafka_topic_destroy(handle);
    rd_kafka_destroy(rk);
}

static void consume(const char *bootstrap, const char *topic, int partitions, long count) {
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    set(conf, "bootstrap.servers", bootstrap);
    set(conf, "group.id", "load");
    set(conf, "enable.auto.commit", "false");
    /* Without these librdkafka 2.0 stops fetching for a second whenever it is ahead. */
    set(conf, "queued.min.messages", "1000000");
    set(conf, "queued.max.messages.kbytes", "1000000");
    set(conf, "fetch.message.max.bytes", "262144");
    set(conf, "log_level", "4");
    rd_kafka_t *rk = client(RD_KAFKA_CONSUMER, conf);
    rd_kafka_poll_set_consumer(rk);
    rd_kafka_topic_partition_list_t *all = rd_kafka_topic_partition_list_new(partitions);
    /* Offset 0 and not the beginning, which librdkafka looks up, and tries again to after half a second where it is not connected yet. */
    for (int32_t i = 0; i < partitions; i++) rd_kafka_topic_partition_list_add(all, topic, i)->offset = 0;
    /* Connects to every leader before the clock starts. */
    for (int32_t i = 0; i < partitions; i++) {
        int64_t low, high;
        rd_kafka_resp_err_t code = rd_kafka_query_watermark_offsets(rk, topic, i, &low, &high, 10000);
        if (code) die("watermarks", rd_kafka_err2str(code));
    }
    double start = now();
    rd_kafka_assign(rk, all);
    rd_kafka_queue_t *queue = rd_kafka_queue_get_consumer(rk);
    static rd_kafka_message_t *batch[10000];
    long read = 0;
    while (read < count) {
        /* It waits for a whole batch, which the last one need not be. */
        ssize_t got = rd_kafka_consume_batch_queue(queue, 5, batch, 10000);
        if (got < 0) die("consume", rd_kafka_err2str(rd_kafka_last_error()));
        if (now() - start > 600) die("consume", "not every message came within 10 minutes");
        for (ssize_t i = 0; i < got; i++) {
            if (!batch[i]->err) read++;
            rd_kafka_message_destroy(batch[i]);
        }
    }
    printf("%.6f\n", now() - start);
    rd_kafka_queue_destroy(queue);
    rd_kafka_topic_partition_list_destroy(all);
    rd_kafka_consumer_close(rk);
    rd_kafka_destroy(rk);
}

/* Of one consumer, whether it has been told its partitions. */
static void on_rebalance(rd_kafka_t *rk, rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t *partitions, void *opaque) {
    (void)opaque;
    if (code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
        *(int *)rd_kafka_opaque(rk) = partitions->cnt;
        rd_kafka_assign(rk, partitions);
    } else {
        *(int *)rd_kafka_opaque(rk) = -1;
        rd_kafka_assign(rk, NULL);
    }
}

/* A topic has as many partitions as a group has members: each is to own one. */
static void groups(const char *bootstrap, const char *topic, int groups, int members) {
    int count = groups * members;
    rd_kafka_t **clients = calloc((size_t)count, sizeof *clients);
    int *owned = malloc((size_t)count * sizeof *owned);
    rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(topics, topic, RD_KAFKA_PARTITION_UA);
    double start = now();
    for (int i = 0; i < count; i++) {
        char group[64];
        snprintf(group, sizeof group, "load-%d", i % groups);
        owned[i] = -1;
        rd_kafka_conf_t *conf = rd_kafka_conf_new();
        set(conf, "bootstrap.servers", bootstrap);
        set(conf, "group.id", group);
        set(conf, "heartbeat.interval.ms", "50");
        set(conf, "enable.auto.commit", "false");
        set(conf, "log_level", "3");
        rd_kafka_conf_set_opaque(conf, &owned[i]);
        rd_kafka_conf_set_rebalance_cb(conf, on_rebalance);
        clients[i] = client(RD_KAFKA_CONSUMER, conf);
        rd_kafka_poll_set_consumer(clients[i]);
        rd_kafka_resp_err_t code = rd_kafka_subscribe(clients[i], topics);
        if (code) die("subscribe", rd_kafka_err2str(code));
    }
    double started = now();
    for (int formed = 0; formed < count;) {
        if (now() - start > 120) die("groups", "not every member had its partition within two minutes");
        formed = 0;
        for (int i = 0; i < count; i++) {
            rd_kafka_message_t *message = rd_kafka_consumer_poll(clients[i], 0);
            if (message) rd_kafka_message_destroy(message);
            formed += owned[i] == 1;
        }
    }
    printf("%.6f %.6f\n", now() - start, started - start);
    fflush(stdout);
    /* 600 orderly ends are not what is measured. */
    _Exit(0);
}

int main(int count, char **arguments) {
    if (count == 7 && !strcmp(arguments[1], "produce"))
        produce(arguments[2], arguments[3], atoi(arguments[4]), atol(arguments[5]), (size_t)atol(arguments[6]));
    else if (count == 6 && !strcmp(arguments[1], "consume"))
        consume(arguments[2], arguments[3], atoi(arguments[4]), atol(arguments[5]));
    else if (count == 6 && !strcmp(arguments[1], "groups"))
        groups(arguments[2], arguments[3], atoi(arguments[4]), atoi(arguments[5]));
    else
        die("usage", "load produce|consume|groups BOOTSTRAP TOPIC ...");
    return 0;
}

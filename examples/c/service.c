/* A kitchen: reads orders, and writes a meal for each; with librdkafka and Jansson.
   cc -o service service.c $(pkg-config --cflags --libs rdkafka jansson) */
#include <ctype.h>
#include <fcntl.h>
#include <jansson.h>
#include <librdkafka/rdkafka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BATCH = 20 };

static volatile sig_atomic_t is_running = 1;
static int failures = 0;

static void stop(int number) {
    (void)number;
    is_running = 0;
}

static void fail(const char *what, const char *why) {
    fprintf(stderr, "%s: %s\n", what, why);
    exit(1);
}

static void set(rd_kafka_conf_t *conf, const char *name, const char *value) {
    char error[512];
    if (rd_kafka_conf_set(conf, name, value, error, sizeof(error)) != RD_KAFKA_CONF_OK) fail(name, error);
}

static void delivered(rd_kafka_t *producer, const rd_kafka_message_t *message, void *opaque) {
    (void)producer;
    (void)opaque;
    if (message->err) failures++;
}

static void rebalanced(rd_kafka_t *consumer, rd_kafka_resp_err_t error, rd_kafka_topic_partition_list_t *partitions, void *opaque) {
    (void)opaque;
    if (error == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
        rd_kafka_assign(consumer, partitions);
        puts("kitchen is open");
        fflush(stdout);
    } else {
        rd_kafka_assign(consumer, NULL);
    }
}

static rd_kafka_t *client(rd_kafka_type_t type, const char *brokers) {
    const char *session = getenv("SESSION_TIMEOUT_MS");
    char error[512];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    set(conf, "bootstrap.servers", brokers);
    set(conf, "client.id", "kitchen");
    if (type == RD_KAFKA_CONSUMER) {
        set(conf, "group.id", "kitchen");
        set(conf, "auto.offset.reset", "earliest");
        set(conf, "enable.auto.commit", "false");
        set(conf, "session.timeout.ms", session ? session : "45000");
        set(conf, "heartbeat.interval.ms", "200");
        rd_kafka_conf_set_rebalance_cb(conf, rebalanced);
    } else {
        /* Sent again where no acknowledgement comes, and never twice in the log. */
        set(conf, "enable.idempotence", "true");
        rd_kafka_conf_set_dr_msg_cb(conf, delivered);
    }
    rd_kafka_t *client = rd_kafka_new(type, conf, error, sizeof(error));
    if (!client) fail("client", error);
    return client;
}

/* The meal for an order, to be freed; NULL, with the reason, where it is none. */
static char *cook(const rd_kafka_message_t *order, const char **reason) {
    json_error_t error;
    json_int_t id;
    const char *dish;
    char *meal = NULL;
    json_t *root = json_loadb(order->payload, order->len, 0, &error);
    if (!root) {
        *reason = "no JSON";
    } else if (json_unpack(root, "{s:I, s:s}", "id", &id, "dish", &dish) != 0) {
        *reason = "no id or no dish";
    } else {
        char upper[256];
        size_t length = 0;
        for (; dish[length] && length < sizeof(upper) - 1; length++) upper[length] = (char)toupper((unsigned char)dish[length]);
        upper[length] = '\0';
        json_t *object = json_pack("{s:I, s:s}", "for", id, "dish", upper);
        meal = json_dumps(object, JSON_COMPACT);
        json_decref(object);
    }
    json_decref(root);
    return meal;
}

static void serve(rd_kafka_t *producer, const rd_kafka_message_t *order) {
    const char *reason = NULL;
    char *meal = cook(order, &reason);
    rd_kafka_resp_err_t error;
    if (meal) {
        error = rd_kafka_producev(
            producer, RD_KAFKA_V_TOPIC("meals"), RD_KAFKA_V_KEY(order->key, order->key_len),
            RD_KAFKA_V_VALUE(meal, strlen(meal)), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END);
    } else {
        char from[64];
        snprintf(from, sizeof(from), "orders/%d", order->partition);
        fprintf(stderr, "not an order: %s\n", reason);
        error = rd_kafka_producev(
            producer, RD_KAFKA_V_TOPIC("orders-dlq"), RD_KAFKA_V_KEY(order->key, order->key_len),
            RD_KAFKA_V_VALUE(order->payload, order->len), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
            RD_KAFKA_V_HEADER("reason", reason, (ssize_t)strlen(reason)),
            RD_KAFKA_V_HEADER("from", from, (ssize_t)strlen(from)), RD_KAFKA_V_END);
    }
    if (error) fail("not sent", rd_kafka_err2str(error));
    free(meal);
}

/* As power goes: the meals are there, and nothing is committed. Once, for as long as the file is there. */
static void crash_once(rd_kafka_t *producer, const char *marker) {
    rd_kafka_flush(producer, 30000);
    int file = open(marker, O_CREAT | O_EXCL | O_WRONLY, 0644);
    if (file < 0) return;
    fputs("the lights go out\n", stderr);
    _exit(1);
}

int main(void) {
    const char *brokers = getenv("KAFKA_BOOTSTRAP_SERVERS"), *marker = getenv("CRASH_ONCE");
    if (!brokers) fail("KAFKA_BOOTSTRAP_SERVERS", "not set");
    signal(SIGTERM, stop);
    signal(SIGINT, stop);
    rd_kafka_t *producer = client(RD_KAFKA_PRODUCER, brokers), *consumer = client(RD_KAFKA_CONSUMER, brokers);
    rd_kafka_poll_set_consumer(consumer);
    rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(topics, "orders", RD_KAFKA_PARTITION_UA);
    rd_kafka_resp_err_t error = rd_kafka_subscribe(consumer, topics);
    if (error) fail("subscribe", rd_kafka_err2str(error));
    rd_kafka_topic_partition_list_destroy(topics);

    int done = 0;
    while (is_running) {
        int count = 0;
        for (; count < BATCH; count++) {
            rd_kafka_message_t *order = rd_kafka_consumer_poll(consumer, count == 0 ? 200 : 0);
            if (!order) break;
            if (!order->err) {
                serve(producer, order);
                if (++done == 5 && marker) crash_once(producer, marker);
            }
            rd_kafka_message_destroy(order);
        }
        rd_kafka_poll(producer, 0);
        if (count == 0) continue;
        /* First the meals, then the commit: after a crash some are cooked twice, and none is forgotten. */
        if (rd_kafka_flush(producer, 30000) || failures) fail("not delivered", "in time");
        error = rd_kafka_commit(consumer, NULL, 0);
        if (error && error != RD_KAFKA_RESP_ERR__NO_OFFSET) fail("commit", rd_kafka_err2str(error));
    }
    rd_kafka_consumer_close(consumer);
    rd_kafka_destroy(consumer);
    rd_kafka_destroy(producer);
    return 0;
}

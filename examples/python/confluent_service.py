#!/usr/bin/env python3
"""A kitchen: reads orders, and writes a meal for each; with confluent-kafka."""
import json
import os
import signal
import sys

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer

brokers = os.environ["KAFKA_BOOTSTRAP_SERVERS"]
crash_marker = os.environ.get("CRASH_ONCE")

consumer = Consumer({
    "bootstrap.servers": brokers,
    "group.id": "kitchen",
    "client.id": "kitchen",
    "auto.offset.reset": "earliest",
    "enable.auto.commit": False,
    "session.timeout.ms": int(os.environ.get("SESSION_TIMEOUT_MS", "45000")),
    "heartbeat.interval.ms": 200,
})
# Sent again where no acknowledgement comes, and never twice in the log.
producer = Producer({"bootstrap.servers": brokers, "client.id": "kitchen", "enable.idempotence": True})
running = True


def stop(signum, frame):
    global running
    running = False


def cook(record):
    """The meal for an order; ValueError where it is none."""
    order = json.loads(record.value())
    return json.dumps({"for": order["id"], "dish": order["dish"].upper()})


def main():
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    failures = []

    def delivered(error, message):
        if error is not None:
            failures.append(error)

    consumer.subscribe(["orders"], on_assign=lambda _, partitions: print("kitchen is open", flush=True))
    done = 0
    while running:
        records = consumer.consume(num_messages=20, timeout=0.2)
        for record in records:
            if record.error() is not None:
                if record.error().code() != KafkaError._PARTITION_EOF:
                    raise KafkaException(record.error())
                continue
            try:
                producer.produce("meals", key=record.key(), value=cook(record), on_delivery=delivered)
            except (ValueError, KeyError, TypeError) as problem:
                print(f"not an order: {problem!r}", file=sys.stderr, flush=True)
                producer.produce(
                    "orders-dlq", key=record.key(), value=record.value(), on_delivery=delivered,
                    headers=[("reason", type(problem).__name__), ("from", f"orders/{record.partition()}")])
            done += 1
            if crash_marker and done == 5 and not os.path.exists(crash_marker):
                # As power goes: the meals are there, and nothing is committed.
                producer.flush()
                open(crash_marker, "w").close()
                print("the lights go out", file=sys.stderr, flush=True)
                os._exit(1)
        if records:
            # First the meals, then the commit: after a crash some are cooked twice, and none is forgotten.
            producer.flush()
            if failures:
                sys.exit(f"not delivered: {failures[0]}")
            consumer.commit(asynchronous=False)
    consumer.close()


main()

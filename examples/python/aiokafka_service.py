#!/usr/bin/env python3
"""A kitchen: reads orders, and writes a meal for each; with aiokafka."""
import asyncio
import json
import os
import signal
import sys

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener

brokers = os.environ["KAFKA_BOOTSTRAP_SERVERS"]
crash_marker = os.environ.get("CRASH_ONCE")


class Opening(ConsumerRebalanceListener):
    async def on_partitions_assigned(self, assigned):
        print("kitchen is open", flush=True)

    async def on_partitions_revoked(self, revoked):
        pass


def cook(value):
    """The meal for an order; ValueError where it is none."""
    order = json.loads(value)
    return json.dumps({"for": order["id"], "dish": order["dish"].upper()}).encode()


async def send(producer, record):
    """Hands the meal over; what is returned is done once it is acknowledged."""
    try:
        return await producer.send("meals", key=record.key, value=cook(record.value))
    except (ValueError, KeyError, TypeError) as problem:
        print(f"not an order: {problem!r}", file=sys.stderr, flush=True)
        return await producer.send(
            "orders-dlq", key=record.key, value=record.value,
            headers=[("reason", type(problem).__name__.encode()), ("from", f"orders/{record.partition}".encode())])


async def main():
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    consumer = AIOKafkaConsumer(
        bootstrap_servers=brokers, group_id="kitchen", client_id="kitchen", auto_offset_reset="earliest",
        enable_auto_commit=False, session_timeout_ms=int(os.environ.get("SESSION_TIMEOUT_MS", "45000")),
        heartbeat_interval_ms=200)
    # Sent again where no acknowledgement comes, and never twice in the log.
    producer = AIOKafkaProducer(
        bootstrap_servers=brokers, client_id="kitchen", enable_idempotence=True)
    consumer.subscribe(["orders"], listener=Opening())
    await consumer.start()
    await producer.start()
    done = 0
    while not stopped.is_set():
        batches = await consumer.getmany(timeout_ms=200, max_records=20)
        sent = []
        for record in (record for records in batches.values() for record in records):
            sent.append(await send(producer, record))
            done += 1
            if crash_marker and done == 5 and not os.path.exists(crash_marker):
                # As power goes: the meals are there, and nothing is committed.
                await asyncio.gather(*sent)
                open(crash_marker, "w").close()
                print("the lights go out", file=sys.stderr, flush=True)
                os._exit(1)
        if sent:
            # First the meals, then the commit: after a crash some are cooked twice, and none is forgotten.
            await asyncio.gather(*sent)
            await consumer.commit()
    await producer.stop()
    await consumer.stop()


asyncio.run(main())

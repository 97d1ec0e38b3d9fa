#!/usr/bin/env python3
"""Runs other people's clients against a broker: each must get from it what Kafka would give.

Every client runs in a process of its own, all at the same time. One line is printed for each case, and at the end
`N passed, N failed` (and `, N skipped`); the exit code is 1 if one failed, 2 if nothing could be run.
"""

import argparse
import collections
import fnmatch
import importlib
import json
import os
import pathlib
import queue
import socket
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
# A client's name -> the module with its suite, and the variable that says where its package is, if it is not installed. The suite in Java is
# no module but a program, of which the variable says the class path.
CLIENTS = {
    "confluent": ("confluent_client", None),
    "kafka-python": ("kafka_python_client", None),
    "kafka-python-2": ("kafka_python_client", "KRUN_KAFKA_PYTHON_2"),
    "aiokafka": ("aiokafka_client", None),
    "kcat": ("kcat_client", None),
    "java": (None, "KRUN_KAFKA_JAVA"),
}


def place_of(name):
    variable = CLIENTS[name][1]
    if variable and variable not in os.environ:
        sys.exit(f"{name} needs {variable}, the place of its package: scripts/clients.sh sets it")
    return os.environ[variable] if variable else None


def suite_of(name):
    if place := place_of(name):
        sys.path.insert(0, place)
    return importlib.import_module(CLIENTS[name][0]).suite


def become_java(options):
    """Goes on as the program in Java, which says the same lines."""
    facts = {"brokers": options.brokers, "sasl-brokers": options.sasl_brokers, "user": options.user, "password": options.password}
    arguments = [f"--{fact}={value}" for fact, value in facts.items() if value]
    arguments += [f"--only={pattern}" for pattern in patterns_of(options.only)] + ["--list"] * options.list
    # It starts sooner with one compiler and the simplest collector. The client writes no log: what matters reaches the case as an exception.
    machine = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Dslf4j.internal.verbosity=ERROR"]
    os.execvp("java", ["java", *machine, "-cp", place_of(options.process), "Main", options.process, *arguments])


def patterns_of(only):
    return [pattern for pattern in only if pattern not in CLIENTS]


def chosen(client, titles, patterns):
    """The cases meant by --only: a part of a title, or a pattern of `client/title`."""
    patterns = patterns_of(patterns)
    return [
        title for title in titles
        if not patterns or any(p in title or fnmatch.fnmatchcase(f"{client}/{title}", p) for p in patterns)
    ]


def run_here(options):
    """The process of one client: a line of JSON for each case."""
    if CLIENTS[options.process][0] is None:
        become_java(options)
    import support
    suite = suite_of(options.process)
    titles = chosen(options.process, suite.cases, options.only)
    if options.list:
        print("".join(f"{options.process}/{title}\n" for title in titles), end="")
        return 0
    session = support.Session(options)
    say = os.fdopen(os.dup(1), "w", encoding="utf-8")
    say.write(json.dumps({"titles": titles}) + "\n")
    say.flush()
    for title in titles:
        result, why, seconds = suite.run(title, session)
        say.write(json.dumps({"title": title, "result": result, "why": why, "seconds": seconds}) + "\n")
        say.flush()
    session.end()
    say.close()
    # Threads of a client that hung must not keep the process.
    os._exit(0)


class Client:
    """One client's process and what it said."""

    def __init__(self, name, arguments, messages):
        self.name = name
        self.waiting = []
        self.errors = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [sys.executable, "-X", "faulthandler", __file__, *arguments, "--process", name],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self.errors, text=True, encoding="utf-8",
        )
        threading.Thread(target=self.listen, args=[messages], daemon=True).start()

    def listen(self, messages):
        for line in self.process.stdout:
            messages.put((self, json.loads(line)))
        self.process.wait()
        messages.put((self, None))

    def complaint(self):
        self.errors.seek(0)
        return self.errors.read()[-2000:].decode(errors="replace").strip()


def show(client, title, result, seconds, why):
    sign = {"passed": "ok     ", "failed": "FAILED ", "skipped": "skipped"}[result]
    print(f"{sign} {seconds:7.2f} s  {client:<14}  {title}{f'  ({why})' if result == 'skipped' else ''}", flush=True)
    if result == "failed":
        print(f"        {why}", flush=True)


def reachable(brokers):
    for broker in brokers.split(","):
        host, _, port = broker.rpartition(":")
        try:
            socket.create_connection((host, int(port)), 5).close()
            return True
        except (OSError, ValueError):
            pass
    return False


def run_all(names, arguments, limit):
    messages = queue.Queue()
    start = time.monotonic()
    clients = [Client(name, arguments, messages) for name in names]
    counts = collections.Counter()
    running = set(clients)
    while running:
        left = start + limit - time.monotonic()
        try:
            client, message = messages.get(timeout=max(left, 0.01))
        except queue.Empty:
            for client in running:
                client.process.kill()
            limit += 3600
            continue
        if message is None:
            running.discard(client)
            if client.waiting or client.process.returncode != 0:
                why = f"the process ended with {client.process.returncode} before the case did"
                for title in client.waiting or ["its process"]:
                    counts["failed"] += 1
                    show(client.name, title, "failed", time.monotonic() - start, why)
                print(client.complaint(), file=sys.stderr)
        elif "titles" in message:
            client.waiting = message["titles"]
        else:
            client.waiting.remove(message["title"])
            counts[message["result"]] += 1
            show(client.name, message["title"], message["result"], message["seconds"], message["why"])
    print(f"\n{len(clients)} clients in {time.monotonic() - start:.1f} s")
    skipped = f", {counts['skipped']} skipped" if counts["skipped"] else ""
    print(f"{counts['passed']} passed, {counts['failed']} failed{skipped}")
    if counts["failed"]:
        return 1
    return 0 if counts["passed"] else 2


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--brokers", metavar="HOST:PORT[,…]", help="the broker under test, without TLS and SASL")
    parser.add_argument("--only", metavar="NAME", action="append", default=[],
                        help="a client; or a part of a case's name, or a pattern like '*/*codec*'; may be repeated")
    parser.add_argument("--list", action="store_true", help="name the cases and do nothing else")
    parser.add_argument("--sasl-brokers", metavar="HOST:PORT", help="a listener of the same cluster that wants SASL/PLAIN")
    parser.add_argument("--user", help="who may enter there")
    parser.add_argument("--password")
    parser.add_argument("--slow", action="store_true", help="also what takes Kafka long, like compaction")
    parser.add_argument("--limit", type=int, default=1200, metavar="SECONDS", help="for everything (default: %(default)s)")
    parser.add_argument("--process", choices=list(CLIENTS), help=argparse.SUPPRESS)
    options = parser.parse_args()
    sys.path.insert(0, str(HERE))
    if options.process:
        return run_here(options)
    if not options.brokers and not options.list:
        parser.error("--brokers is needed")
    names = [name for name in CLIENTS if name in options.only] or list(CLIENTS)
    if options.list:
        for name in names:
            subprocess.run([sys.executable, __file__, *sys.argv[1:], "--process", name], check=True)
        return 0
    for brokers in filter(None, (options.brokers, options.sasl_brokers)):
        if not reachable(brokers):
            print(f"clients: nobody listens at {brokers}", file=sys.stderr)
            return 2
    return run_all(names, sys.argv[1:], options.limit)


if __name__ == "__main__":
    sys.exit(main())

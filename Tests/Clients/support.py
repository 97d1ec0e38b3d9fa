"""What every client's cases share: how a case is declared, what it is given, how it waits and how it judges."""

import contextlib
import functools
import itertools
import os
import signal
import time
import uuid

import confluent_kafka
import confluent_kafka.admin

import wire

CODECS = ["none", "gzip", "snappy", "lz4", "zstd"]
# The least that Kafka allows a member (group.min.session.timeout.ms).
SESSION_TIMEOUT_MS = 6000
# Members hear of a rebalance with the answer to a heartbeat.
HEARTBEAT_MS = 100
# For one wait, generous: a broker that is right does not use it up.
PATIENCE = 30
# For a whole case.
CASE_SECONDS = 90


class Skipped(Exception):
    """Why a case cannot be run here."""


class ClientHung(Exception):
    """A client stopped by a fault of its own, whatever the broker does: the case is tried again."""


class Failure(AssertionError):
    """What was expected and what was got."""


class OutOfTime(Failure):
    pass


def equal(actual, expected, what="value"):
    if actual != expected:
        raise Failure(f"{what}: expected {shortened(expected)}, got {shortened(actual)}")


def holds(condition, what):
    if not condition:
        raise Failure(what)


def shortened(value, most=400):
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= most else f"{text[:most]}… ({len(text)} characters)"


@contextlib.contextmanager
def raises(expected, what="call", code=lambda error: error.args[0].code()):
    """The block must fail with `expected`, which is an exception class or what `code` makes of the exception."""
    try:
        yield
    except Failure:
        raise
    except Exception as error:
        if isinstance(expected, type):
            holds(isinstance(error, expected), f"{what}: expected {expected.__name__}, got {error!r}")
        else:
            equal(code(error), expected, f"{what}: error ({error!r})")
    else:
        raise Failure(f"{what}: expected the error {expected}, but it succeeded")


class Deadline:
    def __init__(self, seconds=PATIENCE, what="the wait"):
        self.end = time.monotonic() + seconds
        self.seconds = seconds
        self.what = what

    @property
    def left(self):
        return max(0.0, self.end - time.monotonic())

    def check(self, state=""):
        """To be called in every turn of a loop that waits."""
        if self.left == 0:
            raise OutOfTime(f"{self.what}: not within {self.seconds} s{f' (so far: {shortened(state)})' if state != '' else ''}")


def until(what, attempt, seconds=PATIENCE):
    """Calls `attempt` until it returns something true, which is returned."""
    deadline = Deadline(seconds, what)
    while True:
        result = attempt()
        if result:
            return result
        deadline.check(result)
        time.sleep(0.01)


def until_equal(what, attempt, expected, seconds=PATIENCE):
    deadline = Deadline(seconds, what)
    while (actual := attempt()) != expected:
        deadline.check(actual)
        time.sleep(0.01)


class Session:
    """The broker under test, and what one case made on it."""

    def __init__(self, options):
        self.brokers = options.brokers
        self.sasl_brokers = options.sasl_brokers
        self.user = options.user
        self.password = options.password
        self.slow = options.slow
        self.suffix = uuid.uuid4().hex[:8]
        self.numbers = itertools.count(1)
        self.topics = []
        self.groups = []
        self.left_groups = []
        self.closing = contextlib.ExitStack()

    @functools.cached_property
    def admin(self):
        return confluent_kafka.admin.AdminClient({"bootstrap.servers": self.brokers, **QUIET})

    @property
    def broker_ids(self):
        return sorted(self.admin.list_topics(timeout=PATIENCE).brokers)

    def name(self, kind):
        """A name that nobody else uses."""
        return f"{kind}-{self.suffix}-{next(self.numbers)}"

    def topic_name(self, kind="topic"):
        """The name of a topic which the case makes itself."""
        self.topics.append(self.name(kind))
        return self.topics[-1]

    def topic(self, partitions=1, replication=1, **config):
        """A topic that is ready for use; `max_message_bytes=…` stands for max.message.bytes."""
        name = self.topic_name()
        settings = {key.replace("_", "."): str(value) for key, value in config.items()}
        new = confluent_kafka.admin.NewTopic(name, partitions, replication, config=settings)
        self.admin.create_topics([new], request_timeout=PATIENCE)[name].result(PATIENCE)
        self.wait_for_topic(name, partitions)
        return name

    @functools.cached_property
    def each_broker(self):
        """A connection to each broker, by its id."""
        return {
            broker.id: wire.Broker(broker.host, broker.port)
            for broker in self.admin.list_topics(timeout=PATIENCE).brokers.values()
        }

    def wait_for_topic(self, name, partitions):
        """Until every broker knows all the partitions, and their leaders that they lead; a cluster tells one after the other."""
        def known():
            return [sorted(p for p, leader in broker.leaders(name).items() if leader >= 0) for broker in self.each_broker.values()]
        until_equal(f"the partitions of {name}", known, [list(range(partitions))] * len(self.each_broker))
        leaders = next(iter(self.each_broker.values())).leaders(name)
        def led():
            return all(
                self.each_broker[leader].leads(name, [p for p in leaders if leaders[p] == leader])
                for leader in set(leaders.values())
            )
        until(f"the leaders of {name}", led)

    def wait_for_no_topic(self, name):
        """Until no broker knows it."""
        until(f"{name} to be gone", lambda: not any(broker.leaders(name) for broker in self.each_broker.values()))

    def group(self):
        self.groups.append(self.name("group"))
        return self.groups[-1]

    def needs_brokers(self, count):
        have = len(self.broker_ids)
        if have < count:
            raise Skipped(f"needs {count} brokers, there {'is' if have == 1 else 'are'} {have}")

    def needs_sasl(self):
        if not self.sasl_brokers:
            raise Skipped("needs --sasl-brokers, --user and --password")

    def needs_patience(self, why):
        if not self.slow:
            raise Skipped(f"{why}: only with --slow")

    def clean_up(self):
        """Closes what was registered, then deletes topics and groups; one that is gone already is no matter."""
        try:
            self.closing.close()
        finally:
            self.closing = contextlib.ExitStack()
            if self.topics:
                for wait in self.admin.delete_topics(self.topics, request_timeout=PATIENCE).values():
                    wait.exception(PATIENCE)
            self.topics = []
            self.left_groups += self.delete_groups(self.groups)
            self.groups = []

    def delete_groups(self, names):
        """Those that could not be deleted since they have members."""
        waits = self.admin.delete_consumer_groups(names, request_timeout=PATIENCE) if names else {}
        errors = {name: wait.exception(PATIENCE) for name, wait in waits.items()}
        return [name for name, error in errors.items() if error and error.args[0].code() == confluent_kafka.KafkaError.NON_EMPTY_GROUP]

    def end(self):
        """Static members do not leave their group: it can be deleted when their session has timed out."""
        deadline = Deadline(2 * SESSION_TIMEOUT_MS / 1000)
        while (left := self.delete_groups(self.left_groups)) and deadline.left:
            self.left_groups = left
            time.sleep(0.2)


class Suite:
    """The cases of one client, in the order of their declaration."""

    def __init__(self, name):
        self.name = name
        self.cases = {}

    def case(self, title, each=None):
        """Declares a case; with `each` one case for each of its values, which is the second argument of the function."""
        def declare(function):
            if each is None:
                self.cases[title] = function
            for value in each or []:
                self.cases[f"{title}: {shortened(value, 40)}"] = lambda session, value=value: function(session, value)
            return function
        return declare

    def run(self, title, session, tries=4):
        """(result, why, seconds); the result is passed, failed or skipped."""
        start = time.monotonic()
        result, why = "passed", ""
        try:
            with limited(CASE_SECONDS):
                try:
                    self.cases[title](session)
                finally:
                    session.clean_up()
        except ClientHung as hung:
            if tries > 1:
                result, why, _ = self.run(title, session, tries - 1)
            else:
                result, why = "failed", str(hung)
        except Skipped as skipped:
            result, why = "skipped", str(skipped)
        except Failure as failure:
            result, why = "failed", f"{failure} ({place(failure)})"
        except Exception as error:
            result, why = "failed", f"{type(error).__name__}: {error} ({place(error)})"
        return result, why, time.monotonic() - start


def place(error):
    """The innermost line of the cases themselves."""
    lines = []
    trace = error.__traceback__
    while trace:
        path = trace.tb_frame.f_code.co_filename
        if os.path.dirname(os.path.abspath(path)) == os.path.dirname(os.path.abspath(__file__)):
            lines.append(f"{os.path.basename(path)}:{trace.tb_lineno}")
        trace = trace.tb_next
    ours = [line for line in lines if not line.startswith("support.py")]
    return (ours or lines or ["?"])[-1]


@contextlib.contextmanager
def limited(seconds):
    """A case that hangs in Python is ended by this; one that hangs in C by the program that started the process."""
    def ring(*_):
        raise OutOfTime(f"the case did not end within {seconds} s")
    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


# librdkafka writes to stderr what it also reports; what matters reaches the case as an error.
QUIET = {"log_level": 0, "error_cb": lambda error: None}


def assigned_once(assignments, partitions):
    """Whether every partition of 0…`partitions` has exactly one owner."""
    return sorted(partition for owned in assignments for partition in owned) == list(range(partitions))

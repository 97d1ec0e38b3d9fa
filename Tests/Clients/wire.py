"""Two questions in the protocol's own words, put to one broker at a time: clients go to any broker, and remember what was."""

import socket
import struct

METADATA, LIST_OFFSETS = 3, 2
LATEST = -1


def string(text):
    data = text.encode()
    return struct.pack(">h", len(data)) + data


class Answer:
    """Reads the fields of an answer in their order."""

    def __init__(self, data):
        self.data = data
        self.at = 0

    def take(self, layout):
        (value,) = struct.unpack_from(">" + layout, self.data, self.at)
        self.at += struct.calcsize(">" + layout)
        return value

    def string(self):
        length = self.take("h")
        if length < 0:
            return None
        self.at += length
        return self.data[self.at - length:self.at].decode()

    def array(self, element):
        return [element() for _ in range(self.take("i"))]


class Broker:
    """A connection to one broker."""

    def __init__(self, host, port, timeout=10):
        self.connection = socket.create_connection((host, port), timeout)
        self.stream = self.connection.makefile("rb")

    def close(self):
        self.stream.close()
        self.connection.close()

    def ask(self, key, version, body):
        request = struct.pack(">hhi", key, version, 1) + string("wire") + body
        self.connection.sendall(struct.pack(">i", len(request)) + request)
        (size,) = struct.unpack(">i", self.stream.read(4))
        return Answer(self.stream.read(size)[4:])

    def leaders(self, topic):
        """Of each partition that the broker knows its leader, or -1; nothing of a topic that it does not know. (Metadata v4)"""
        answer = self.ask(METADATA, 4, struct.pack(">i", 1) + string(topic) + b"\0")
        answer.take("i")
        answer.array(lambda: (answer.take("i"), answer.string(), answer.take("i"), answer.string()))
        answer.string()
        answer.take("i")
        def partition():
            error, index, leader = answer.take("h"), answer.take("i"), answer.take("i")
            answer.array(lambda: answer.take("i"))
            answer.array(lambda: answer.take("i"))
            return index, leader if error == 0 else -1
        def about():
            error, _, _ = answer.take("h"), answer.string(), answer.take("?")
            return dict(answer.array(partition)) if error == 0 else {}
        return answer.array(about)[0]

    def leads(self, topic, partitions):
        """Whether it answers for the partitions as their leader. (ListOffsets v1)"""
        wanted = b"".join(struct.pack(">iq", partition, LATEST) for partition in partitions)
        answer = self.ask(LIST_OFFSETS, 1, struct.pack(">ii", -1, 1) + string(topic) + struct.pack(">i", len(partitions)) + wanted)
        def partition():
            _, error, _, _ = answer.take("i"), answer.take("h"), answer.take("q"), answer.take("q")
            return error == 0
        return all(answer.array(lambda: (answer.string(), all(answer.array(partition)))[1]))

import KrunKafka
import Testing

@Suite(.serialized, .timeLimit(.minutes(1))) struct MessageBatchTests {
    private struct Refused: Equatable {
        var tag: UInt
        var name: String
        var key: String?
        var size: Int?
    }

    private struct Handed: Equatable {
        var count: Int
        var refused: [Refused] = []
    }

    private func add(_ batch: MessageBatch, key: String?, value: String?, tag: UInt) -> Bool {
        withBytes(key) { key in withBytes(value) { value in batch.add(key: key, value: value, tag: tag) } }
    }

    private func send(_ batch: MessageBatch, _ producer: Producer, _ topic: ProducerTopic) -> Handed {
        var refused: [Refused] = []
        let count = producer.send(batch, to: topic) { message in
            refused.append(
                Refused(
                    tag: message.tag, name: message.errorName,
                    key: message.key.map { String(decoding: $0, as: UTF8.self) }, size: message.value?.count))
        }
        return Handed(count: count, refused: refused)
    }

    /// Also null and empty ones, where the partitioner puts them, in their order.
    @Test func isReadBackAsItWasSent() async throws {
        try await onThread {
            let fixture = try Fixture(partitions: 3)
            let producer = try fixture.producer()
            let topic = try producer.topic("orders", partitioner: "murmur2_random")
            try producer.waitForMetadata(topic, timeout: .seconds(10))
            let sent: [(key: String?, value: String?)] = [
                ("user-1", "a"), ("user-2", "b"), ("user-1", "c"), ("", "d"), ("user-3", ""), ("user-4", nil),
                (nil, ""),
            ]
            let batch = MessageBatch(messages: 100, bytes: 1_000)
            for (number, message) in sent.enumerated() {
                #expect(add(batch, key: message.key, value: message.value, tag: UInt(number)))
            }
            #expect(batch.count == 7)
            #expect(send(batch, producer, topic) == Handed(count: 7))
            #expect(batch.count == 0)
            let reports = producer.reports(7)
            #expect(Set(reports.map(\.tag)) == [0, 1, 2, 3, 4, 5, 6])
            #expect(reports.allSatisfy { $0.error == nil })
            // As one by one: the key decides, and a null key's partition is any.
            var single: [Int32] = []
            for message in sent.prefix(6) {
                try producer.send(topic, key: message.key, value: message.value, tag: 99)
                single.append(producer.reports(1)[0].partition)
            }
            #expect(reports.sorted { $0.tag < $1.tag }.prefix(6).map(\.partition) == single)

            let consumer = try fixture.consumer()
            try consumer.assign(fixture.positions(0))
            var read: [(key: String?, value: String?)] = []
            let end = ContinuousClock.now + .seconds(20)
            while read.count < 13, .now < end {
                _ = consumer.pollEach(max: 100, timeout: .milliseconds(100)) { event in
                    guard let record = event.record else { return }
                    read.append(
                        (
                            record.key.map { String(decoding: $0, as: UTF8.self) },
                            record.value.map { String(decoding: $0, as: UTF8.self) }
                        ))
                }
            }
            #expect(read.count == 13)
            #expect(read.filter { $0.key == "user-1" }.map(\.value) == ["a", "c", "a", "c"])
            #expect(read.filter { $0.key == nil }.map(\.value) == [""])
            #expect(read.filter { $0.key == "" }.map(\.value) == ["d", "d"])
            #expect(read.filter { $0.key == "user-3" }.map(\.value) == ["", ""])
            #expect(read.filter { $0.key == "user-4" }.map(\.value) == [nil, nil])
        }
    }

    @Test func holdsWhatFitsAndBeginsAnewWhenItIsEmpty() async throws {
        try await onThread {
            let fixture = try Fixture()
            let producer = try fixture.producer()
            let topic = try producer.topic("orders", partitioner: "random")
            try producer.waitForMetadata(topic, timeout: .seconds(10))
            let batch = MessageBatch(messages: 3, bytes: 10)
            #expect(send(batch, producer, topic) == Handed(count: 0))
            for _ in 0..<2 {
                #expect(add(batch, key: "1234", value: "12345", tag: 1))
                #expect(!add(batch, key: "1", value: "1", tag: 2))
                #expect(add(batch, key: nil, value: "1", tag: 2))
                #expect(add(batch, key: nil, value: nil, tag: 3))
                #expect(batch.isFull)
                #expect(!add(batch, key: nil, value: nil, tag: 4))
                #expect(send(batch, producer, topic) == Handed(count: 3))
            }
            #expect(Set(producer.reports(6).map(\.tag)) == [1, 2, 3])
        }
    }

    @Test func whatIsTooLargeIsRefusedAndTheOthersAreSent() async throws {
        try await onThread {
            let fixture = try Fixture()
            let producer = try fixture.producer(["message.max.bytes": "1000"])
            let topic = try producer.topic("orders", partitioner: "random")
            try producer.waitForMetadata(topic, timeout: .seconds(10))
            let batch = MessageBatch(messages: 3, bytes: 10_000)
            #expect(add(batch, key: "a", value: "1", tag: 1))
            #expect(add(batch, key: "b", value: String(repeating: "x", count: 2_000), tag: 2))
            #expect(add(batch, key: "c", value: "3", tag: 3))
            let refused = Refused(tag: 2, name: "MSG_SIZE_TOO_LARGE", key: "b", size: 2_000)
            #expect(send(batch, producer, topic) == Handed(count: 3, refused: [refused]))
            #expect(producer.reports(2).map(\.tag) == [1, 3])
        }
    }

    @Test func whatAFullQueueDoesNotTakeStays() async throws {
        try await onThread {
            let fixture = try Fixture()
            let producer = try fixture.producer(["queue.buffering.max.messages": "3", "linger.ms": "0"])
            let topic = try producer.topic("orders", partitioner: "random")
            try producer.waitForMetadata(topic, timeout: .seconds(10))
            let batch = MessageBatch(messages: 10, bytes: 100)
            for tag in 1...5 { #expect(add(batch, key: nil, value: "\(tag)", tag: UInt(tag))) }
            #expect(send(batch, producer, topic) == Handed(count: 3))
            #expect(batch.count == 2)
            #expect(add(batch, key: nil, value: "6", tag: 6))
            #expect(producer.reports(3).map(\.tag) == [1, 2, 3])
            #expect(send(batch, producer, topic) == Handed(count: 3))
            #expect(producer.reports(3).map(\.tag) == [4, 5, 6])
        }
    }

    @Test func theFirstCanBeTakenOut() async throws {
        try await onThread {
            let fixture = try Fixture()
            let producer = try fixture.producer(["queue.buffering.max.kbytes": "1"])
            let topic = try producer.topic("orders", partitioner: "random")
            try producer.waitForMetadata(topic, timeout: .seconds(10))
            let batch = MessageBatch(messages: 2, bytes: 10_000)
            #expect(add(batch, key: nil, value: String(repeating: "x", count: 5_000), tag: 1))
            #expect(add(batch, key: nil, value: "2", tag: 2))
            #expect(send(batch, producer, topic) == Handed(count: 0))
            var names: [String] = []
            batch.refuseFirst { names.append("\($0.tag) \($0.errorName)") }
            #expect(names == ["1 _QUEUE_FULL"])
            #expect(send(batch, producer, topic) == Handed(count: 1))
            #expect(producer.reports(1).map(\.tag) == [2])
        }
    }
}

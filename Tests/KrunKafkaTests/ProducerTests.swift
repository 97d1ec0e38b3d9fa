import KrunBroker
import KrunKafka
import Testing

@Suite(.serialized, .timeLimit(.minutes(1))) struct ProducerTests {
    static let texts: [String?] = [nil, "", "espresso"]
    static let headers: [[RecordHeader]?] = [
        nil, [], [RecordHeader("a", nil), RecordHeader("b", []), RecordHeader("a", [0, 255]), RecordHeader("", [1])],
    ]

    /// Null, empty and full are three things, in keys, values and headers.
    @Test func everyCombinationIsReadBackAsItWasSent() async throws {
        try await onThread {
            let fixture = try Fixture()
            let producer = try fixture.producer()
            let topic = try producer.topic("orders", partitioner: "murmur2_random")
            try #require(try producer.waitForMetadata(topic, timeout: .seconds(10)) == 1)
            var expected: [Copied] = []
            for key in Self.texts {
                for value in Self.texts {
                    for headers in Self.headers {
                        let sent = try withBytes(key) { key in
                            try withBytes(value) { value in
                                try producer.send(
                                    to: topic, key: key, value: value, timestamp: 1_700_000_000_000,
                                    headers: headers.map { RecordHeaders($0) })
                            }
                        }
                        #expect(sent == .queued)
                        expected.append(
                            Copied(offset: Int64(expected.count), key: key, value: value, headers: headers ?? []))
                    }
                }
            }
            #expect(producer.reports(expected.count).count == expected.count)

            let consumer = try fixture.consumer()
            try consumer.assign(fixture.positions(0))
            var read: [Copied] = []
            var timestamps: Set<Int64?> = []
            var end: Int64?
            let deadline = ContinuousClock.now + .seconds(20)
            while end == nil, .now < deadline {
                _ = consumer.pollOne(timeout: .milliseconds(200)) { event in
                    switch event {
                    case .record(let record):
                        read.append(Copied(record))
                        timestamps.insert(record.timestamp)
                    case .endOfPartition(_, _, let offset): end = offset
                    case .error(let error): Issue.record(error)
                    }
                }
            }
            #expect(read == expected)
            #expect(timestamps == [1_700_000_000_000])
            #expect(end == Int64(expected.count))
        }
    }

    @Test func reportsCarryTheTagAndTheOffset() async throws {
        try await onThread {
            let fixture = try Fixture(partitions: 2)
            let producer = try fixture.producer()
            let topic = try producer.topic("orders", partitioner: "murmur2_random")
            try producer.waitForMetadata(topic, timeout: .seconds(10))
            for number in 0..<10_000 {
                try #require(
                    try producer.send(topic, partition: Int32(number % 2), value: "x", tag: UInt(number)) == .queued)
            }
            let reports = producer.reports(10_000).sorted { $0.tag < $1.tag }
            let expected = (0..<10_000).map { number in
                Report(tag: UInt(number), partition: Int32(number % 2), offset: Int64(number / 2), error: nil)
            }
            #expect(reports == expected)
            #expect(producer.outstanding == 0)
        }
    }

    @Test func withoutAcknowledgementsOffsetsAreUnknown() async throws {
        try await onThread {
            let fixture = try Fixture()
            let producer = try fixture.producer(["request.required.acks": "0"])
            let topic = try producer.topic("orders", partitioner: "random")
            try producer.waitForMetadata(topic, timeout: .seconds(10))
            // librdkafka counts from −1001 and would be back among real offsets.
            for _ in 0..<1500 { try producer.send(topic, value: "x") }
            let reports = producer.reports(1500)
            #expect(reports.count == 1500)
            #expect(Set(reports) == [Report(tag: 0, partition: 0, offset: nil, error: nil)])
        }
    }

    @Test func aFullQueueTakesNothing() async throws {
        try await onThread {
            let fixture = try Fixture()
            let producer = try fixture.producer(["queue.buffering.max.messages": "10", "linger.ms": "100"])
            let topic = try producer.topic("orders", partitioner: "random")
            try producer.waitForMetadata(topic, timeout: .seconds(10))
            let headers = RecordHeaders([RecordHeader("a", [1])])
            let results = try (0..<20).map { _ in
                try producer.send(to: topic, key: nil, value: nil, headers: headers)
            }
            #expect(results == Array(repeating: .queued, count: 10) + Array(repeating: .queueFull, count: 10))
            #expect(producer.reports(10).count == 10)
            #expect(try producer.send(topic, value: "again") == .queued)
        }
    }

    @Test func purgedMessagesAreReported() async throws {
        try await onThread {
            let fixture = try Fixture()
            let producer = try fixture.producer(["linger.ms": "60000"])
            let topic = try producer.topic("orders", partitioner: "random")
            try producer.waitForMetadata(topic, timeout: .seconds(10))
            try producer.send(topic, value: "x", tag: 7)
            #expect(producer.outstanding == 1)
            producer.purge()
            #expect(producer.reports(1) == [Report(tag: 7, partition: 0, offset: nil, error: "_PURGE_QUEUE")])
        }
    }

    @Test func whatCanNeverBeSentIsRefusedAtOnce() async throws {
        try await onThread {
            let fixture = try Fixture()
            let producer = try fixture.producer(["message.max.bytes": "1000"])
            let topic = try producer.topic("orders", partitioner: "random")
            try producer.waitForMetadata(topic, timeout: .seconds(10))
            let tooLarge = #expect(throws: KafkaError.self) {
                try producer.send(topic, value: String(repeating: "x", count: 2000))
            }
            #expect(
                tooLarge?.description
                    == "producing to orders: MSG_SIZE_TOO_LARGE: Client: message larger than its message.max.bytes, before compression"
            )
            let headers = RecordHeaders([RecordHeader("a", nil)])
            let elsewhere = #expect(throws: KafkaError.self) {
                try producer.send(to: topic, partition: 5, key: nil, value: nil, headers: headers)
            }
            #expect(
                elsewhere?.description
                    == "producing to orders: _UNKNOWN_PARTITION: Failed to enqueue message: Local: Unknown partition")
        }
    }

    @Test func aPartitionThatWasAddedCanBeSentToAfterALook() async throws {
        try await onThread {
            let fixture = try Fixture(partitions: 2)
            let producer = try fixture.producer()
            let orders = try producer.topic("orders", partitioner: "random")
            try producer.waitForMetadata(orders, timeout: .seconds(10))
            try fixture.admin().createPartitions("orders", total: 3, timeout: .seconds(10))
            let error = #expect(throws: KafkaError.self) { try producer.send(orders, partition: 2, value: "a") }
            #expect(error?.name == "_UNKNOWN_PARTITION")
            #expect(try producer.lookAgain(at: orders, timeout: .seconds(10)) == 3)
            try producer.send(orders, partition: 2, value: "a", tag: 7)
            #expect(producer.reports(1) == [Report(tag: 7, partition: 2, offset: 0, error: nil)])
        }
    }

    @Test func failedDeliveriesAreReportedByName() async throws {
        try await onThread {
            let fixture = try Fixture()
            let producer = try fixture.producer(["message.timeout.ms": "500"])
            let topic = try producer.topic("orders", partitioner: "random")
            try producer.waitForMetadata(topic, timeout: .seconds(10))
            try fixture.cluster.inject(.fail(.produce, with: "MESSAGE_TOO_LARGE", times: 1))
            try producer.send(topic, value: "x", tag: 1)
            #expect(producer.reports(1) == [Report(tag: 1, partition: 0, offset: nil, error: "MSG_SIZE_TOO_LARGE")])
            try fixture.cluster.stopBroker(1)
            try producer.send(topic, value: "x", tag: 2)
            #expect(producer.reports(1) == [Report(tag: 2, partition: 0, offset: nil, error: "_MSG_TIMED_OUT")])
        }
    }

    @Test func oneTopicHasOnePartitioner() async throws {
        try await onThread {
            let fixture = try Fixture()
            let producer = try fixture.producer()
            _ = try producer.topic("orders", partitioner: "random")
            let other = #expect(throws: KafkaError.self) { _ = try producer.topic("orders", partitioner: "murmur2") }
            #expect(
                other?.description
                    == "preparing to produce to orders: _CONFLICT: this producer has the topic with partitioner random, not murmur2"
            )
            let unknown = #expect(throws: KafkaError.self) { _ = try producer.topic("bills", partitioner: "magic") }
            #expect(
                unknown?.description
                    == "preparing to produce to bills: _INVALID_ARG: Invalid value for configuration property \"partitioner\": magic"
            )
        }
    }

    @Test func aSlowClusterEndsTheWaitAtItsDeadline() async throws {
        try await onThread {
            let fixture = try Fixture(brokers: 2)
            try fixture.cluster.createTopic("alone", partitions: 2)
            let producer = try fixture.producer()
            let topic = try producer.topic("alone", partitioner: "random")
            // The topic is answered for only once the deadline has passed.
            try fixture.cluster.inject(.delay(by: .seconds(5)))
            let error = #expect(throws: KafkaError.self) {
                try producer.waitForMetadata(topic, timeout: .milliseconds(200))
            }
            #expect(error?.activity == "asking for the partitions of alone")
            #expect(["_TRANSPORT", "_TIMED_OUT"].contains(error?.name))
        }
    }
}

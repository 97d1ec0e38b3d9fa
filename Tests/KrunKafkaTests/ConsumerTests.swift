import KrunBroker
import KrunKafka
import Testing

@Suite(.serialized, .timeLimit(.minutes(1))) struct ConsumerTests {
    @Test(arguments: Reading.allCases)
    func readsFromGivenOffsetsToTheEnds(_ reading: Reading) async throws {
        try await onThread {
            let fixture = try Fixture(partitions: 3)
            try fixture.fill(perPartition: 5)
            let consumer = try fixture.consumer()
            try consumer.assign(fixture.positions(2))
            var read: [TopicPartition: [Int64]] = [:]
            var ends: [Int32: Int64] = [:]
            let deadline = ContinuousClock.now + .seconds(20)
            while ends.count < 3, .now < deadline {
                _ = reading.poll(consumer) { event in
                    switch event {
                    case .record(let record):
                        #expect(record.topicIndex == 0)
                        #expect(record.value.map { String(decoding: $0, as: UTF8.self) } == "\(record.offset)")
                        read[TopicPartition("orders", record.partition), default: []].append(record.offset)
                    case .endOfPartition(_, let partition, let offset): ends[partition] = offset
                    case .error(let error): Issue.record(error)
                    }
                }
            }
            #expect(read == Dictionary(uniqueKeysWithValues: fixture.allPartitions.map { ($0, [2, 3, 4]) }))
            #expect(ends == [0: 5, 1: 5, 2: 5])
            #expect(consumer.owned == Dictionary(uniqueKeysWithValues: fixture.allPartitions.map { ($0, 5) }))
            #expect(consumer.close(timeout: .seconds(5)))
        }
    }

    /// Whoever goes through a batch twice finds nothing the second time, and what nobody goes through is gone.
    @Test func aBatchIsHandedOutOnce() async throws {
        try await onThread {
            let fixture = try Fixture(partitions: 1)
            try fixture.fill(perPartition: 50)
            let consumer = try fixture.consumer()
            try consumer.assign(fixture.positions(0))
            var (first, second, polls) = (0, 0, 0)
            var isAtEnd = false
            let deadline = ContinuousClock.now + .seconds(20)
            while !isAtEnd, .now < deadline {
                _ = consumer.pollBatch(max: 10, timeout: .milliseconds(100)) { batch in
                    polls += 1
                    // The first batches nobody goes through.
                    if polls <= 2 { return }
                    batch.forEach { event in
                        switch event {
                        case .record: first += 1
                        case .endOfPartition: isAtEnd = true
                        case .error: break
                        }
                    }
                    let dropped = batch.forEach { _ in second += 1 }
                    #expect(dropped == 0)
                }
            }
            #expect(isAtEnd)
            #expect(first > 0 && first < 50)
            #expect(second == 0)
        }
    }

    @Test func severalTopicsAreToldApartByTheirIndex() async throws {
        try await onThread {
            let fixture = try Fixture("a")
            try fixture.fill(perPartition: 1)
            try fixture.cluster.createTopic("b", partitions: 1)
            let producer = try fixture.producer()
            let topic = try producer.topic("b", partitioner: "random")
            try producer.waitForMetadata(topic, timeout: .seconds(10))
            try producer.send(topic, value: "of b")
            #expect(producer.reports(1).count == 1)
            let consumer = try fixture.consumer()
            try consumer.assign([
                TopicPartitionOffset("b", 0, LogicalOffset.beginning), TopicPartitionOffset("a", 0, 0),
            ])
            var values: [Int: String] = [:]
            let deadline = ContinuousClock.now + .seconds(20)
            while values.count < 2, .now < deadline {
                _ = consumer.pollEach(max: 10, timeout: .milliseconds(100)) { event in
                    if let record = event.record { values[record.topicIndex] = Copied(record).value }
                }
            }
            #expect(values == [0: "of b", 1: "0"])
        }
    }

    /// What was read before is not read again, and topics keep their index.
    @Test func partitionsAreTakenUpAndDroppedWithoutAGroup() async throws {
        try await onThread {
            let fixture = try Fixture(partitions: 3)
            try fixture.fill(perPartition: 4)
            let consumer = try fixture.consumer()
            try consumer.assign([TopicPartitionOffset("orders", 0, 0), TopicPartitionOffset("orders", 1, 0)])
            func read(_ count: Int) -> [Int32: [Int64]] {
                var read: [Int32: [Int64]] = [:]
                let deadline = ContinuousClock.now + .seconds(20)
                while read.values.map(\.count).reduce(0, +) < count, .now < deadline {
                    _ = consumer.pollEach(max: 10, timeout: .milliseconds(100)) { event in
                        guard let record = event.record else { return }
                        #expect(record.topicIndex == 0)
                        read[record.partition, default: []].append(record.offset)
                    }
                }
                return read
            }
            #expect(read(8) == [0: [0, 1, 2, 3], 1: [0, 1, 2, 3]])
            try consumer.change(
                adding: [TopicPartitionOffset("orders", 2, 1)], dropping: [TopicPartition("orders", 0)])
            #expect(consumer.owned == [TopicPartition("orders", 1): 4, TopicPartition("orders", 2): 1])
            try fixture.fill(perPartition: 1)
            #expect(read(5) == [1: [4], 2: [1, 2, 3, 4]])
        }
    }

    /// A batch does not wait for its maximum once there is something.
    @Test func aBatchIsHandedOutWithoutWaitingForMore() async throws {
        try await onThread {
            let fixture = try Fixture()
            try fixture.fill(perPartition: 3)
            let consumer = try fixture.consumer()
            try consumer.assign(fixture.positions(0))
            let start = ContinuousClock.now
            var events = 0
            while events < 4, .now - start < .seconds(20) {
                events += consumer.pollEach(max: 1000, timeout: .seconds(15)) { _ in }
            }
            #expect(events == 4)
            #expect(.now - start < .seconds(10))
        }
    }

    @Test func pausedPartitionsWaitAndLoseNothing() async throws {
        try await onThread {
            let fixture = try Fixture(partitions: 2)
            try fixture.fill(perPartition: 1000)
            let consumer = try fixture.consumer()
            consumer.startsPaused = true
            try consumer.assign(fixture.positions(0))
            var read: [Int32: [Int64]] = [:]
            func poll(_ timeout: Duration) {
                _ = consumer.pollEach(max: 100, timeout: timeout) { event in
                    if let record = event.record { read[record.partition, default: []].append(record.offset) }
                }
            }
            poll(.milliseconds(200))
            #expect(read.isEmpty)
            // Resuming twice, and what is not paused, must not drop what was fetched.
            let deadline = ContinuousClock.now + .seconds(20)
            var rounds = 0
            while read[0]?.count != 1000 || read[1]?.count != 1000, .now < deadline {
                rounds += 1
                if rounds % 3 == 1 { try consumer.resume(fixture.allPartitions) }
                poll(.milliseconds(100))
                if rounds % 3 == 0 { try consumer.pause([TopicPartition("orders", 0)]) }
            }
            #expect(read == [0: Array(0..<1000), 1: Array(0..<1000)])
        }
    }

    @Test func anOffsetOutOfRangeIsAnError() async throws {
        try await onThread {
            let fixture = try Fixture()
            try fixture.fill(perPartition: 1)
            let consumer = try fixture.consumer()
            try consumer.assign(fixture.positions(17))
            var names: [String] = []
            let deadline = ContinuousClock.now + .seconds(20)
            while names.isEmpty, .now < deadline {
                _ = consumer.pollOne(timeout: .milliseconds(200)) { event in
                    if let error = event.error { names.append(error.name) }
                }
            }
            #expect(names == ["_AUTO_OFFSET_RESET"])
        }
    }
}

/// The two ways of consuming.
enum Reading: CaseIterable {
    case oneByOne
    case inBatches

    func poll(
        _ consumer: Consumer, timeout: Duration = .milliseconds(100), max: Int = 500,
        _ body: (borrowing ConsumedEvent) -> Void
    ) -> Int {
        switch self {
        case .oneByOne: consumer.pollOne(timeout: timeout, body: body)
        case .inBatches: consumer.pollEach(max: max, timeout: timeout, body: body)
        }
    }
}

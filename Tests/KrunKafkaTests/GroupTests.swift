import KrunBroker
import KrunKafka
import Testing

@Suite(.timeLimit(.minutes(1))) struct GroupTests {
    @Test(arguments: ["range", "cooperative-sticky"])
    func membersShareAndOneIsIdleAndWhoStaysTakesOver(_ assignor: String) async throws {
        let fixture = try Fixture(partitions: 2)
        let board = GroupBoard()
        let names = ["a", "b", "c"]
        let threads = names.map {
            board.start(
                $0, of: "baristas", in: fixture, properties: ["partition.assignment.strategy": assignor])
        }
        defer { threads.forEach { $0.join() } }
        defer { names.forEach(board.leave) }
        let stable = await board.wait { state in
            Set(state.owners.keys) == ["a", "b", "c"] && Set(state.generations.values).count == 1
                && state.owners.values.reduce(into: 0) { $0 += $1.count } == 2
        }
        #expect(stable)
        let state = board.now
        #expect(state.owners.values.map(\.count).sorted() == [0, 1, 1])
        #expect(Set(state.owners.values.flatMap { $0 }) == Set(fixture.allPartitions))
        #expect(state.generations.values.allSatisfy { $0 > 0 })
        let busy = state.owners.filter { !$0.value.isEmpty }.map(\.key).sorted()
        for name in busy { board.leave(name) }
        let idle = try #require(names.first { !busy.contains($0) })
        #expect(await board.wait { $0.owners[idle] == Set(fixture.allPartitions) })
        #expect(board.now.closed == [busy[0]: true, busy[1]: true])
        #expect(board.now.errors == [])
    }

    /// The trap of consuming in batches: what a rebalance takes out of a batch must be read again, and by one member only.
    @Test(arguments: Reading.allCases, ["range", "cooperative-sticky"])
    func aRebalanceUnderLoadLosesAndRepeatsNothing(_ reading: Reading, _ assignor: String) async throws {
        let fixture = try Fixture(partitions: 4)
        try await onThread { try fixture.fill(perPartition: 30_000) }
        let load = GroupBoard()
        let producing = try WorkerThread(name: "load") {
            do {
                let producer = try fixture.producer(["linger.ms": "1"])
                let topic = try producer.topic("orders", partitioner: "random")
                while !load.update({ $0.leaving.contains("load") }) {
                    for number in 0..<100 { try producer.send(topic, partition: Int32(number % 4), value: "x") }
                    _ = producer.reports(100)
                }
            } catch {
                Issue.record(error)
            }
        }
        defer { producing.join() }
        defer { load.leave("load") }

        let board = GroupBoard()
        let properties: ClientProperties = ["partition.assignment.strategy": assignor]
        func start(_ name: String) -> WorkerThread {
            board.start(
                name, of: "baristas", in: fixture, reading, properties: properties,
                pauseBetweenPolls: .microseconds(reading == .oneByOne ? 20 : 2000))
        }
        let first = start("a")
        defer { first.join() }
        defer { board.leave("a") }
        #expect(await board.wait { $0.owners["a"]?.count == 4 })
        let second = start("b")
        defer { second.join() }
        defer { board.leave("b") }
        #expect(await board.wait { $0.owners["a"]?.count == 2 && $0.owners["b"]?.count == 2 })
        let third = start("c")
        defer { third.join() }
        defer { board.leave("c") }
        #expect(await board.wait { $0.owners.values.map(\.count).sorted() == [1, 1, 2] })
        board.leave("a")
        #expect(await board.wait { $0.owners["b"]?.count == 2 && $0.owners["c"]?.count == 2 })
        load.leave("load")

        let ends = try await onThread {
            try fixture.admin().endOffsets(fixture.allPartitions, timeout: .seconds(10))
        }
        let readAll = await board.wait { state in ends.allSatisfy { Int64(state.reads[$0]?.count ?? 0) >= $1 } }
        let state = board.now
        #expect(readAll)
        for (partition, end) in ends {
            let reads = state.reads[partition] ?? [:]
            let missing = (0..<end).filter { reads[$0] == nil }
            let repeated = reads.filter { $0.value > 1 }.keys.sorted()
            #expect(missing == [], "\(partition) of \(end)")
            #expect(repeated == [], "\(partition) of \(end)")
        }
        #expect(state.errors == [])
        #expect(state.lost == 0)
    }

    @Test func whatIsCommittedIsThereForTheNext() async throws {
        let fixture = try Fixture(partitions: 2)
        try await onThread {
            try fixture.fill(perPartition: 5)
            let consumer = try fixture.member(of: "baristas")
            try consumer.commit([TopicPartitionOffset("orders", 0, 3)], timeout: .seconds(10))
            #expect(
                try consumer.committed(fixture.allPartitions, timeout: .seconds(10)) == [
                    TopicPartition("orders", 0): 3, TopicPartition("orders", 1): nil,
                ])
            let admin = try fixture.admin()
            #expect(
                try admin.groupOffsets("baristas", partitions: fixture.allPartitions, timeout: .seconds(10)) == [
                    TopicPartition("orders", 0): 3
                ])
            #expect(consumer.generation == -1)
            #expect(consumer.memberID == nil)
            #expect(consumer.close(timeout: .seconds(10)))
        }
    }

    /// The last chance to commit is the revoke that closing brings; the next member starts there.
    @Test func whatIsCommittedWhileLeavingIsWhereTheNextMemberStarts() async throws {
        let fixture = try Fixture(partitions: 2)
        try await onThread {
            try fixture.fill(perPartition: 5)
            let first = Committer()
            #expect(try first.read(fixture) == [TopicPartition("orders", 0): 5, TopicPartition("orders", 1): 5])
            #expect(first.records == 10)
            #expect(first.errors == [])
            let second = Committer()
            #expect(try second.read(fixture) == [TopicPartition("orders", 0): 5, TopicPartition("orders", 1): 5])
            #expect(second.records == 0)
            #expect(second.errors == [])
        }
    }

    @Test func aCommitThatIsRefusedNamesTheGroup() async throws {
        let fixture = try Fixture()
        try await onThread {
            let consumer = try fixture.member(of: "baristas")
            try fixture.cluster.inject(.fail(.offsetCommit, with: "GROUP_AUTHORIZATION_FAILED", times: 1))
            let error = #expect(throws: KafkaError.self) {
                try consumer.commit([TopicPartitionOffset("orders", 0, 3)], timeout: .seconds(10))
            }
            #expect(
                error?.description.hasPrefix("committing offsets of group baristas: GROUP_AUTHORIZATION_FAILED: ")
                    == true)
        }
    }
}

/// Starts where the group committed, reads to the ends and commits when its partitions are taken.
private final class Committer: ConsumerDelegate {
    var records = 0
    var errors: [KafkaError] = []

    /// Returns the positions reached.
    func read(_ fixture: Fixture) throws -> [TopicPartition: Int64] {
        let consumer = try fixture.member(of: "baristas", ["auto.offset.reset": "earliest"])
        consumer.startsPaused = true
        try consumer.subscribe(["orders"], delegate: self)
        var ends = 0
        let deadline = ContinuousClock.now + .seconds(20)
        while ends < fixture.partitions, .now < deadline {
            // Reading starts once the group is stable, as a run does it.
            if !consumer.owned.isEmpty { try consumer.resume(fixture.allPartitions) }
            _ = consumer.pollEach(max: 100, timeout: .milliseconds(50)) { event in
                switch event {
                case .record: records += 1
                case .endOfPartition: ends += 1
                case .error(let error): errors.append(error)
                }
            }
        }
        let positions = consumer.owned
        #expect(consumer.close(timeout: .seconds(10)))
        #expect(consumer.owned == [:])
        return positions
    }

    func startOffsets(for partitions: [TopicPartition], consumer: Consumer) -> [Int64] {
        partitions.map { _ in LogicalOffset.stored }
    }

    func didAssign(_ partitions: [TopicPartition], consumer: Consumer) {}

    func willRevoke(_ partitions: [TopicPartitionOffset], lost: Bool, consumer: Consumer) {
        do throws(KafkaError) {
            try consumer.commit(partitions, timeout: .seconds(5))
        } catch {
            errors.append(error)
        }
    }
}

import KrunBroker
import KrunKafka
import Synchronization
import Testing

/// Transactions as a client has them: begun, ended, given up and gone on with.
@Suite(.serialized, .timeLimit(.minutes(2))) struct ProducerTransactionTests {
    private static let timeout = Duration.seconds(20)

    private func producer(_ fixture: Fixture, id: String = "till", isOver: (@Sendable () -> Bool)? = nil) throws
        -> Producer
    {
        try Producer(
            properties: fixture.properties.merging(["transactional.id": id]), log: ClientLog(), isOver: isOver)
    }

    /// Sends so many records and waits for their reports; returns their offsets, or the errors.
    private func send(_ count: Int, with producer: Producer) throws -> [String] {
        let orders = try producer.topic("orders", partitioner: "random")
        for number in 0..<count { try producer.send(orders, value: "\(number)") }
        return producer.reports(count).map { $0.error ?? "\($0.offset ?? -1)" }
    }

    /// Where committed records end, and where all do, once these are as expected or time is up.
    private func ends(_ fixture: Fixture, _ expected: [Int64]) throws -> [Int64] {
        let deadline = ContinuousClock.now + Self.timeout
        while true {
            let ends = try ["read_committed", "read_uncommitted"].map { isolation in
                try AdminClient(
                    properties: fixture.properties.merging(["isolation.level": isolation]), log: ClientLog()
                ).endOffsets(fixture.allPartitions, timeout: Self.timeout).values.first ?? -1
            }
            if ends == expected || .now > deadline { return ends }
        }
    }

    @Test func committedAndAborted() async throws {
        try await onThread {
            let fixture = try Fixture()
            let producer = try producer(fixture)
            try producer.initTransactions(timeout: Self.timeout)
            try producer.beginTransaction()
            #expect(try send(2, with: producer) == ["0", "1"])
            #expect(try ends(fixture, [0, 2]) == [0, 2])
            try producer.commitTransaction(timeout: Self.timeout)
            #expect(try ends(fixture, [3, 3]) == [3, 3])
            try producer.beginTransaction()
            #expect(try send(1, with: producer) == ["3"])
            try producer.abortTransaction(timeout: Self.timeout)
            #expect(try ends(fixture, [5, 5]) == [5, 5])
            #expect(producer.fatalError == nil)
        }
    }

    /// What is not acknowledged yet is waited for by a commit, and given up by an abort: both need somebody who serves reports.
    @Test func reportsAreServedMeanwhile() async throws {
        try await onThread {
            let fixture = try Fixture()
            let producer = try producer(fixture)
            let orders = try producer.topic("orders", partitioner: "random")
            try producer.waitForMetadata(orders, timeout: Self.timeout)
            try producer.initTransactions(timeout: Self.timeout)
            var reports: [String] = []
            func serve() {
                _ = producer.serveReports(timeout: .zero) { reports.append($0.errorName ?? "\($0.offset ?? -1)") }
            }
            try producer.beginTransaction()
            for number in 0..<3 { try producer.send(orders, value: "\(number)") }
            try producer.commitTransaction(timeout: Self.timeout, serving: serve)
            #expect(reports == ["0", "1", "2"])
            reports = []
            try producer.beginTransaction()
            try producer.send(orders, value: "never")
            try producer.abortTransaction(timeout: Self.timeout, serving: serve)
            #expect(reports.count == 1)
        }
    }

    @Test func theSecondFencesTheFirst() async throws {
        try await onThread {
            let fixture = try Fixture()
            let first = try producer(fixture)
            try first.initTransactions(timeout: Self.timeout)
            try first.beginTransaction()
            #expect(try send(2, with: first) == ["0", "1"])
            let second = try producer(fixture)
            try second.initTransactions(timeout: Self.timeout)
            #expect(try ends(fixture, [3, 3]) == [3, 3])
            let refused = #expect(throws: KafkaError.self) { try first.commitTransaction(timeout: Self.timeout) }
            #expect(refused?.name == "_FENCED")
            #expect(refused?.activity == "committing a transaction")
            #expect(refused?.isFatal == true)
            #expect(first.fatalError?.name == "_FENCED")
            let again = #expect(throws: KafkaError.self) { try first.beginTransaction() }
            #expect(again?.name == "_FENCED")
            #expect(second.fatalError == nil)
        }
    }

    /// A coordinator that is not ready is asked again.
    @Test(
        arguments: [
            (RequestKind.initProducerId, "COORDINATOR_LOAD_IN_PROGRESS"), (.initProducerId, "CONCURRENT_TRANSACTIONS"),
            (.addPartitionsToTxn, "CONCURRENT_TRANSACTIONS"), (.endTxn, "COORDINATOR_NOT_AVAILABLE"),
            (.endTxn, "NOT_COORDINATOR"),
        ] as [(RequestKind, KafkaErrorName)])
    func whatMayPassIsTriedAgain(_ request: RequestKind, _ error: KafkaErrorName) async throws {
        try await onThread {
            let fixture = try Fixture()
            let fault = try fixture.cluster.inject(.fail(request, with: error, times: 2))
            let producer = try producer(fixture)
            try producer.initTransactions(timeout: Self.timeout)
            try producer.beginTransaction()
            #expect(try send(1, with: producer) == ["0"])
            try producer.commitTransaction(timeout: Self.timeout)
            #expect(try fixture.cluster.timesFired(fault) == 2)
            #expect(try ends(fixture, [2, 2]) == [2, 2])
        }
    }

    /// Offsets that nobody may commit any more spoil a transaction, and leave the producer as it was.
    @Test func anErrorThatRequiresAbort() async throws {
        try await onThread {
            let fixture = try Fixture()
            try fixture.cluster.inject(.fail(.endTxn, with: "INVALID_PRODUCER_ID_MAPPING", times: 1))
            let producer = try producer(fixture)
            try producer.initTransactions(timeout: Self.timeout)
            try producer.beginTransaction()
            #expect(try send(1, with: producer) == ["0"])
            let refused = #expect(throws: KafkaError.self) { try producer.commitTransaction(timeout: Self.timeout) }
            #expect(refused?.name == "INVALID_PRODUCER_ID_MAPPING")
            #expect(refused?.requiresAbort == true)
            #expect(refused?.isFatal == false)
            try producer.abortTransaction(timeout: Self.timeout)
            try producer.beginTransaction()
            #expect(try send(1, with: producer).count == 1)
            try producer.commitTransaction(timeout: Self.timeout)
        }
    }

    /// A commit that nobody answers is given up; it is brought to its end before anything else is.
    @Test func aCommitIsGivenUpAndGoneOnWith() async throws {
        try await onThread {
            let fixture = try Fixture()
            let over = Looks()
            let producer = try producer(fixture) { over.isOver }
            try producer.initTransactions(timeout: Self.timeout)
            try producer.beginTransaction()
            #expect(try send(1, with: producer) == ["0"])
            let fault = try fixture.cluster.inject(.delay(.endTxn, by: .seconds(2)))
            over.begin()
            let start = ContinuousClock.now
            let givenUp = #expect(throws: KafkaError.self) { try producer.commitTransaction(timeout: .seconds(60)) }
            #expect(givenUp?.isCancelled == true)
            #expect(.now - start < .seconds(5))
            over.end()
            _ = try fixture.cluster.remove(fault)
            // It was committed, as it was to be: there is nothing left to abort.
            try producer.abortTransaction(timeout: Self.timeout)
            #expect(try ends(fixture, [2, 2]) == [2, 2])
            #expect(throws: KafkaError.self) { try producer.commitTransaction(timeout: .seconds(1)) }
        }
    }

    @Test func aProducerWithoutAnIDHasNoTransactions() async throws {
        try await onThread {
            let fixture = try Fixture()
            let refused = #expect(throws: KafkaError.self) {
                try fixture.producer().initTransactions(timeout: Self.timeout)
            }
            #expect(refused?.name == "_NOT_CONFIGURED")
        }
    }

    /// Says that it is over when it is asked for the third time after it began.
    private final class Looks: Sendable {
        private let state = Mutex((isCounting: false, looks: 0))

        var isOver: Bool {
            state.withLock { state in
                guard state.isCounting else { return false }
                state.looks += 1
                return state.looks >= 3
            }
        }

        func begin() { state.withLock { $0 = (true, 0) } }
        func end() { state.withLock { $0 = (false, 0) } }
    }
}

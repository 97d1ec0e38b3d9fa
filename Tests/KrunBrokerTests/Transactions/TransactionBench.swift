import KrunNames
import KrunWire

@testable import KrunBroker

/// A coordinator and a clock, with the defaults that make a rule readable in one line.
struct TransactionBench {
    var coordinator = TransactionCoordinator()
    var now = Now(uptime: .zero, wallMilliseconds: 1_000_000)
    /// The actions of the last request.
    var actions: [TransactionAction] = []

    struct Granted: Equatable {
        var error = ErrorCode.none
        var id: Int64 = -1
        var epoch: Int16 = -1
    }

    mutating func initialize(
        _ id: String? = "t", timeout: Int32 = 60_000, held: (Int64, Int16) = (-1, -1), version: Int16 = 4
    ) -> Granted {
        let answer = coordinator.initProducerId(
            transactionalId: id, timeoutMilliseconds: timeout, producerId: held.0, producerEpoch: held.1,
            apiVersion: version, now: now)
        actions = answer.actions
        return Granted(error: answer.errorCode, id: answer.producerId, epoch: answer.producerEpoch)
    }

    mutating func add(
        _ partitions: [Int32], topic: String = "a", id: String = "t", by producer: (Int64, Int16) = (0, 0),
        version: Int16 = 3
    ) -> ErrorCode {
        let answer = coordinator.addPartitions(
            partitions.map { TransactionPartition(topic: topic, partition: $0) }, transactionalId: id,
            producerId: producer.0, producerEpoch: producer.1, apiVersion: version, now: now)
        actions = answer.actions
        return answer.errorCode
    }

    mutating func add(
        group: String, id: String = "t", by producer: (Int64, Int16) = (0, 0), version: Int16 = 3
    ) -> ErrorCode {
        let answer = coordinator.addOffsets(
            group: group, transactionalId: id, producerId: producer.0, producerEpoch: producer.1, apiVersion: version,
            now: now)
        actions = answer.actions
        return answer.errorCode
    }

    mutating func end(
        commit: Bool, id: String = "t", by producer: (Int64, Int16) = (0, 0), version: Int16 = 3
    ) -> ErrorCode {
        let answer = coordinator.endTransaction(
            transactionalId: id, producerId: producer.0, producerEpoch: producer.1, commit: commit, apiVersion: version,
            now: now)
        actions = answer.actions
        return answer.errorCode
    }

    /// Writes every marker that the last request asked for.
    mutating func writeMarkers() {
        for case .writeMarkers(let markers) in actions { actions = coordinator.markersWritten(markers, now: now) }
    }

    mutating func pass(_ duration: Duration) {
        now = now.advanced(by: duration)
        actions = coordinator.expire(now: now)
    }

    /// A producer whose transaction on `a` 0 is open.
    static func open(timeout: Int32 = 60_000) -> TransactionBench {
        var bench = TransactionBench()
        _ = bench.initialize(timeout: timeout)
        _ = bench.add([0])
        return bench
    }

    /// A producer whose transaction is decided, its markers not written.
    static func preparing(commit: Bool) -> TransactionBench {
        var bench = open()
        _ = bench.end(commit: commit)
        return bench
    }

    static func complete(commit: Bool) -> TransactionBench {
        var bench = preparing(commit: commit)
        bench.writeMarkers()
        return bench
    }
}

extension TransactionCoordinator {
    /// How many transactional ids are remembered.
    var count: Int { transactions.count }

    /// Where the transactional id stands, or nil if it is not known.
    func state(of transactionalId: String) -> TransactionState? { transactions[transactionalId]?.state }
}

import KrunWire
import NIOConcurrencyHelpers
import NIOCore

@testable import KrunBroker

/// A transactional producer, at its coordinator.
final class TransactionClient: Sendable {
    private struct State {
        var id: Int64 = -1
        var epoch: Int16 = -1
        var sequences: [String: Int32] = [:]
    }

    let client: TestClient
    private let transactionalID: String
    private let timeout: Int32
    private let state = NIOLockedValueBox(State())

    init(_ cluster: EmbeddedCluster, _ transactionalID: String, timeout: Int32 = 60_000) async throws {
        client = try await cluster.client(of: cluster.coordinator(ofTransactionalID: transactionalID))
        self.transactionalID = transactionalID
        self.timeout = timeout
    }

    var id: Int64 { state.withLockedValue { $0.id } }
    var epoch: Int16 { state.withLockedValue { $0.epoch } }

    func start() async throws -> ErrorCode {
        let answer = try await client.send(
            with(InitProducerIdRequest()) {
                $0.transactionalId = transactionalID
                $0.transactionTimeoutMs = timeout
            }, version: 4)
        state.withLockedValue { $0 = State(id: answer.producerId, epoch: answer.producerEpoch) }
        return answer.errorCode
    }

    func add(_ topic: String, _ partition: Int32) async throws -> ErrorCode {
        let answer = try await client.send(
            with(AddPartitionsToTxnRequest()) { request in
                request.v3AndBelowTransactionalId = transactionalID
                request.v3AndBelowProducerId = id
                request.v3AndBelowProducerEpoch = epoch
                request.v3AndBelowTopics = [
                    with(AddPartitionsToTxnRequest.AddPartitionsToTxnTopic()) {
                        $0.name = topic
                        $0.partitions = [partition]
                    }
                ]
            }, version: 3)
        return answer.resultsByTopicV3AndBelow[0].resultsByPartition[0].partitionErrorCode
    }

    func produce(
        _ topic: String, _ partition: Int32, _ values: [String], to other: TestClient? = nil
    ) async throws -> ErrorCode {
        let place = "\(topic)/\(partition)"
        let sequence = state.withLockedValue { $0.sequences[place, default: 0] }
        let batch = Ask.batch(values, producer: (id, epoch, sequence), isTransactional: true)
        let answer = try await (other ?? client).send(
            Ask.produce(topic, [partition: batch], transactionalID: transactionalID), version: 9
        ).only
        if answer.errorCode == .none {
            state.withLockedValue { $0.sequences[place] = sequence + Int32(values.count) }
        }
        return answer.errorCode
    }

    func end(commit: Bool) async throws -> ErrorCode {
        try await client.send(
            with(EndTxnRequest()) {
                $0.transactionalId = transactionalID
                $0.producerId = id
                $0.producerEpoch = epoch
                $0.committed = commit
            }, version: 3
        ).errorCode
    }
}

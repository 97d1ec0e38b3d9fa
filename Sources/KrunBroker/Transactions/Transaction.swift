internal import KrunNames

/// What the coordinator knows of one transactional id.
struct Transaction: Sendable {
    /// Above it no epoch is given out, so that the coordinator can always fence the last one that was.
    static let lastEpoch = Int16.max - 1

    let transactionalId: String
    var producerId: Int64
    /// The producer id before the last InitProducerId, or -1.
    var previousProducerId: Int64 = -1
    /// -1 until InitProducerId is answered for the first time.
    var producerEpoch: Int16 = -1
    /// The epoch whose holder asked for the bump to the present one (KIP-360), or -1 when another producer took over.
    var lastProducerEpoch: Int16 = -1
    var timeoutMilliseconds: Int32
    var state = TransactionState.empty
    /// Those of the ongoing transaction, or whose markers are still to be written.
    var partitions: Set<TransactionPartition> = []
    var groups: Set<ExactName> = []
    /// Of the last transaction, see `TransactionMarkers.number`.
    var number: UInt64 = 0
    var startMilliseconds: Int64 = -1
    var started = Duration.zero
    var updated = Duration.zero

    var isEpochExhausted: Bool { producerEpoch >= Self.lastEpoch }

    /// When the coordinator has to act by itself, or nil when it waits for markers.
    func deadline(_ settings: TransactionSettings) -> Duration? {
        switch state {
        case .ongoing: started + .milliseconds(timeoutMilliseconds)
        case .empty, .completeCommit, .completeAbort: updated + .milliseconds(settings.idExpirationMilliseconds)
        case .prepareCommit, .prepareAbort, .dead, .prepareEpochFence: nil
        }
    }

    func markers(coordinatorEpoch: Int32) -> TransactionMarkers {
        TransactionMarkers(
            transactionalId: transactionalId, number: number, producerId: producerId, producerEpoch: producerEpoch,
            commit: state == .prepareCommit, coordinatorEpoch: coordinatorEpoch, partitions: partitions.sorted(),
            groups: groups.sorted().map(\.text))
    }
}

/// The control record that ends a transaction: key version and type, value version and coordinator epoch (Kafka's
/// documentation, "Control Batches").
struct EndTransactionMarker: Equatable {
    var isCommit: Bool
    var coordinatorEpoch: Int32

    /// As a batch of its own.
    func batch(producerId: Int64, producerEpoch: Int16, timestamp: Int64, timestampType: TimestampType) -> [UInt8] {
        var builder = RecordBatchBuilder()
        builder.producerId = producerId
        builder.producerEpoch = producerEpoch
        builder.isTransactional = true
        builder.isControl = true
        builder.timestampType = timestampType
        builder.logAppendTime = timestamp
        let epoch = withUnsafeBytes(of: coordinatorEpoch.bigEndian) { [UInt8]($0) }
        builder.append(timestamp: timestamp, key: [0, 0, 0, isCommit ? 1 : 0], value: [0, 0] + epoch)
        return builder.build()
    }

    /// Whether a control record's key says that it commits; nil when it says something else than the end of a
    /// transaction.
    static func isCommit(key: UnsafeRawBufferPointer?) -> Bool? {
        guard let key, key.count >= 4, let base = key.baseAddress else { return nil }
        switch base.bigEndian(at: 2, as: Int16.self) {
        case 0: return false
        case 1: return true
        default: return nil
        }
    }
}

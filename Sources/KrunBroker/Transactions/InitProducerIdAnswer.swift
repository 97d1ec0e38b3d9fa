package import KrunWire

/// What InitProducerId is answered, and what is to be done.
package struct InitProducerIdAnswer: Equatable, Sendable {
    package var errorCode: ErrorCode
    /// -1 with an error.
    package var producerId: Int64
    /// -1 with an error.
    package var producerEpoch: Int16
    package var actions: [TransactionAction]

    package init(
        errorCode: ErrorCode, producerId: Int64 = -1, producerEpoch: Int16 = -1, actions: [TransactionAction] = []
    ) {
        self.errorCode = errorCode
        self.producerId = producerId
        self.producerEpoch = producerEpoch
        self.actions = actions
    }
}

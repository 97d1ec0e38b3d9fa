package import KrunWire

/// What a transactional request is answered, and what is to be done.
package struct TransactionAnswer: Equatable, Sendable {
    package var errorCode: ErrorCode
    package var actions: [TransactionAction]

    package init(errorCode: ErrorCode, actions: [TransactionAction] = []) {
        self.errorCode = errorCode
        self.actions = actions
    }
}

package import KrunWire

/// The answer to a LeaveGroup request.
package struct LeaveAnswer: Equatable, Sendable {
    package struct Member: Equatable, Sendable {
        package var memberId: String
        package var instanceId: String?
        package var error: ErrorCode

        package init(memberId: String, instanceId: String? = nil, error: ErrorCode) {
            self.memberId = memberId
            self.instanceId = instanceId
            self.error = error
        }
    }

    package var error: ErrorCode
    /// In the order of the request.
    package var members: [Member]

    package init(error: ErrorCode, members: [Member] = []) {
        self.error = error
        self.members = members
    }

    /// The one error that versions before 3 have room for.
    package var singleError: ErrorCode {
        error != .none ? error : members.first?.error ?? .none
    }
}

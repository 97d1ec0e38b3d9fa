package import KrunWire

/// The answer to a SyncGroup request.
package struct SyncAnswer: Equatable, Sendable {
    package var error: ErrorCode
    package var protocolType: String?
    package var protocolName: String?
    package var assignment: [UInt8]

    package init(
        error: ErrorCode, protocolType: String? = nil, protocolName: String? = nil, assignment: [UInt8] = []
    ) {
        self.error = error
        self.protocolType = protocolType
        self.protocolName = protocolName
        self.assignment = assignment
    }
}

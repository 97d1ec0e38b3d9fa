/// What goes before every response (the protocol guide, response headers of versions 0 and 1).
package struct ResponseHeader: Equatable, Sendable {
    package var correlationId: Int32

    package init(correlationId: Int32) {
        self.correlationId = correlationId
    }

    /// Whether the header has tagged fields: as its message has, but never with ApiVersions, whose response a client has to
    /// understand before it knows the broker (KIP-511).
    static func isFlexible(_ key: ApiKey, _ messageIsFlexible: Bool) -> Bool {
        messageIsFlexible && key != .apiVersions
    }

    func write(to writer: inout WireWriter, isFlexible: Bool) throws(WireError) {
        var number = correlationId
        try writer.code(&number)
        if isFlexible { try writer.endFields() }
    }

    init(from reader: inout WireReader, isFlexible: Bool) throws(WireError) {
        self.init(correlationId: 0)
        try reader.code(&correlationId)
        if isFlexible { try reader.endFields() }
    }
}

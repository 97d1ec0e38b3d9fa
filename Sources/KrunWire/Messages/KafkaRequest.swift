package import NIOCore

/// What a client sends to a broker: a message with an API's number, and the kind of message that answers it.
package protocol KafkaRequest: WireMessage {
    associatedtype Response: WireMessage

    static var apiKey: ApiKey { get }
    /// What can be read and written here, of the request and its response. What a broker offers may be less.
    static var versions: ClosedRange<Int16> { get }
    /// From here on lengths are compact and structures have tagged fields (KIP-482); `.max` if there is no such version.
    static var firstFlexibleVersion: Int16 { get }
}

extension KafkaRequest {
    package static func isFlexible(_ version: Int16) -> Bool {
        version >= firstFlexibleVersion
    }

    /// The request as a client sends it: length, header, message.
    package func frame(
        version: Int16, correlationId: Int32, clientId: String? = nil
    ) throws(WireError) -> ByteBuffer {
        let isFlexible = Self.isFlexible(version)
        let header = RequestHeader(
            apiKey: Self.apiKey.rawValue, apiVersion: version, correlationId: correlationId, clientId: clientId)
        return try Frame.make(isFlexible: isFlexible, recordBytes: recordBytes) { (writer) throws(WireError) in
            try header.write(to: &writer, isFlexible: isFlexible)
            try write(&writer, version: version)
        }
    }

    /// A response as a broker sends it: length, header, message.
    ///
    /// - Throws: if a field has a value that `version` has no place for.
    package static func responseFrame(
        _ response: Response, version: Int16, correlationId: Int32
    ) throws(WireError) -> ByteBuffer {
        let header = ResponseHeader(correlationId: correlationId)
        return try Frame.make(
            isFlexible: isFlexible(version), recordBytes: response.recordBytes
        ) { (writer) throws(WireError) in
            try header.write(to: &writer, isFlexible: ResponseHeader.isFlexible(apiKey, isFlexible(version)))
            try response.write(&writer, version: version)
        }
    }

    /// Reads a response to a request of `version`.
    ///
    /// - Parameter frame: what follows the length.
    package static func decodeResponse(
        _ frame: ByteBuffer, version: Int16
    ) throws(WireError) -> (ResponseHeader, Response) {
        var reader = WireReader(frame, isFlexible: isFlexible(version))
        let header = try ResponseHeader(
            from: &reader, isFlexible: ResponseHeader.isFlexible(apiKey, isFlexible(version)))
        let response: Response = try reader.message(version: version)
        try reader.expectEnd()
        return (header, response)
    }
}

/// What goes before every request (the protocol guide, request headers of versions 1 and 2).
package struct RequestHeader: Equatable, Sendable {
    /// As it was sent: maybe no API that we know.
    package var apiKey: Int16
    package var apiVersion: Int16
    /// Comes back in the response's header.
    package var correlationId: Int32
    package var clientId: String?

    package init(apiKey: Int16, apiVersion: Int16, correlationId: Int32, clientId: String? = nil) {
        self.apiKey = apiKey
        self.apiVersion = apiVersion
        self.correlationId = correlationId
        self.clientId = clientId
    }

    /// Goes through the client's id and, where flexible, the tagged fields behind it.
    ///
    /// The id has a length of two bytes even in a flexible header, so that a broker can read it of any version.
    private mutating func codeRest(_ coder: inout some WireCoder, isFlexible: Bool) throws(WireError) {
        try coder.codeFixedLength(&clientId)
        if isFlexible { try coder.endFields() }
    }

    func write(to writer: inout WireWriter, isFlexible: Bool) throws(WireError) {
        var header = self
        try writer.code(&header.apiKey)
        try writer.code(&header.apiVersion)
        try writer.code(&header.correlationId)
        try header.codeRest(&writer, isFlexible: isFlexible)
    }

    /// Reads the part that is the same in every version.
    init(startFrom reader: inout WireReader) throws(WireError) {
        self.init(apiKey: 0, apiVersion: 0, correlationId: 0)
        try reader.code(&apiKey)
        try reader.code(&apiVersion)
        try reader.code(&correlationId)
    }

    /// Reads the header of a request of any API and version, known here or not: up to the client's id it is the same in all.
    ///
    /// - Parameter frame: what follows the length.
    /// - Returns: nil where there is none; without a client's id where that cannot be read.
    package init?(of frame: ByteBuffer) {
        var reader = WireReader(frame, isFlexible: false)
        guard let start = try? RequestHeader(startFrom: &reader) else { return nil }
        self = start
        try? reader.codeFixedLength(&clientId)
    }

    mutating func readRest(from reader: inout WireReader, isFlexible: Bool) throws(WireError) {
        try codeRest(&reader, isFlexible: isFlexible)
    }
}

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

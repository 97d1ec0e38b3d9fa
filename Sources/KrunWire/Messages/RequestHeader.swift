package import NIOCore

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

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

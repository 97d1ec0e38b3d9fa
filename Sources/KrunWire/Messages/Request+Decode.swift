package import NIOCore

extension Request {
    /// Reads a request.
    ///
    /// What follows it in its frame is ignored, as Kafka does: librdkafka 2.0 ends ListGroups v4 with a byte too many, 2.16 a Metadata v13
    /// with three.
    ///
    /// - Parameter frame: what follows the length. `records` of the result share its memory.
    /// - Throws: `unknownApiKey` and `unsupportedVersion` as soon as the header's start is read; anything else about the bytes.
    package static func decode(_ frame: ByteBuffer) throws(WireError) -> (RequestHeader, Request) {
        var start = WireReader(frame, isFlexible: false)
        var header = try RequestHeader(startFrom: &start)
        guard let key = ApiKey(rawValue: header.apiKey), let versions = versions(of: key),
            let firstFlexible = firstFlexibleVersion(of: key)
        else {
            throw .unknownApiKey(header.apiKey, version: header.apiVersion, correlationId: header.correlationId)
        }
        guard versions.contains(header.apiVersion) else {
            throw .unsupportedVersion(key, version: header.apiVersion, correlationId: header.correlationId)
        }
        let isFlexible = header.apiVersion >= firstFlexible
        var reader = start.flexible(isFlexible)
        try header.readRest(from: &reader, isFlexible: isFlexible)
        guard let request = try read(key, version: header.apiVersion, from: &reader) else {
            throw .unknownApiKey(header.apiKey, version: header.apiVersion, correlationId: header.correlationId)
        }
        return (header, request)
    }

    package var apiKey: ApiKey { type(of: message).apiKey }
}

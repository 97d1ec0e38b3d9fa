internal import CRdKafka

/// A header of a record; keys may repeat, a value may be null or empty.
public struct RecordHeader: Hashable, Sendable {
    public var key: String
    /// Nil for a null value.
    public var value: [UInt8]?

    public init(_ key: String, _ value: [UInt8]?) {
        self.key = key
        self.value = value
    }
}

/// Headers made ready once for many messages; each message gets librdkafka's copy of them.
public final class RecordHeaders: Sendable {
    private let object: CObject

    /// Keeps the order, repeats, and null and empty values apart.
    public init(_ headers: [RecordHeader]) {
        let list = rd_kafka_headers_new(headers.count)!
        for header in headers {
            var key = header.key
            key.withUTF8 { key in
                key.withMemoryRebound(to: CChar.self) { key in
                    // A nil pointer is a null value, so an empty value needs any other.
                    let empty = UnsafeRawPointer(bitPattern: 1)
                    let result =
                        header.value?.withUnsafeBytes { value in
                            rd_kafka_header_add(
                                list, key.baseAddress, key.count, value.baseAddress ?? empty, value.count)
                        } ?? rd_kafka_header_add(list, key.baseAddress, key.count, nil, 0)
                    precondition(result == RD_KAFKA_RESP_ERR_NO_ERROR, "a list of our own can be added to")
                }
            }
        }
        object = CObject(list, keeping: nil) { rd_kafka_headers_destroy($0) }
    }

    /// A copy for one message, which librdkafka frees once it took the message.
    func copy() -> OpaquePointer { rd_kafka_headers_copy(object.pointer) }

    /// What a record's header list says.
    static func read(_ list: OpaquePointer) -> [RecordHeader] {
        var headers: [RecordHeader] = []
        var name: UnsafePointer<CChar>?
        var value: UnsafeRawPointer?
        var size = 0
        while rd_kafka_header_get_all(list, headers.count, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR {
            let bytes = value.map { [UInt8](UnsafeRawBufferPointer(start: $0, count: size)) }
            headers.append(RecordHeader(name.map { String(cString: $0) } ?? "", bytes))
        }
        return headers
    }
}

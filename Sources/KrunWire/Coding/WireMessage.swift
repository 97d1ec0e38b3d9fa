/// A structure of Kafka's protocol: its fields, and where each of them is on the wire.
///
/// A conforming type describes its layout once, in `code`, for every direction: a coder that reads fills the fields in, one
/// that writes leaves them as they are. Fields are named and defaulted as in Kafka's message definitions.
package protocol WireMessage: Equatable, Sendable {
    /// Every field at its default.
    init()

    /// Goes through the fields that `version` has, in their order on the wire.
    mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError)

    /// About how many bytes of records it carries, so that a buffer for it is made of the right size at once.
    var recordBytes: Int { get }

    // What follows is there to have, in each type's table, code that was compiled for that type and this coder; nobody
    // implements it again.
    mutating func read(_ reader: inout WireReader, version: Int16) throws(WireError)
    func write(_ writer: inout WireWriter, version: Int16) throws(WireError)
}

extension WireMessage {
    package var recordBytes: Int { 0 }

    package mutating func read(_ reader: inout WireReader, version: Int16) throws(WireError) {
        try code(&reader, version: version)
    }

    package func write(_ writer: inout WireWriter, version: Int16) throws(WireError) {
        // A copy that nobody changes: the writer only looks.
        var message = self
        try message.code(&writer, version: version)
    }
}

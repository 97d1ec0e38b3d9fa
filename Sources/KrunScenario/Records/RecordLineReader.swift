package import KrunDiagnostics
import KrunJSON

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Reads records from lines of JSON as `RecordLine` writes them, and as people do.
///
/// `key` and `value` are a string, null, `{"base64": …}`, `{"hex": …}`, or any other JSON, which stands for its own source text
/// without insignificant white space; without `key` it is null. `headers` is a list of `{"key", "value"}` or an object. `partition` and
/// `timestamp` are kept; `topic` and `offset` say where a record came from, `error` and `reason` why it was not delivered, and are looked at
/// no further.
package struct RecordLineReader {
    /// What was read last.
    package private(set) var record = InputRecord()

    package init() {}

    /// The fields of a record.
    enum Field: Int, CaseIterable {
        case topic, partition, offset, timestamp, key, value, headers, error, reason

        var name: String {
            switch self {
            case .topic: "topic"
            case .partition: "partition"
            case .offset: "offset"
            case .timestamp: "timestamp"
            case .key: "key"
            case .value: "value"
            case .headers: "headers"
            case .error: "error"
            case .reason: "reason"
            }
        }
    }

    /// Reads a line, without its line end.
    ///
    /// - Parameters:
    ///   - number: its 1-based number.
    ///   - file: what its place is called.
    /// - Throws: everything that is wrong with the line.
    package mutating func read(_ line: UnsafeRawBufferPointer, number: Int, of file: String) throws(Diagnostics) {
        // Almost every line of millions is plain, and is read in one pass; what is not is read so that places are known.
        if readPlain(line) { return }
        record.removeAll()
        let document = try JSONDocument.parse(Array(line), file: file, line: number)
        var reading = RecordDocument(record)
        record = try reading.read(document.root)
    }

    /// Whether the line was plain, and is in `record` now.
    mutating func readPlain(_ line: UnsafeRawBufferPointer) -> Bool {
        record.removeAll()
        guard var cursor = PlainJSONCursor(line), cursor.take(UInt8(ascii: "{")) else { return false }
        var seen: UInt16 = 0
        repeat {
            guard let name = cursor.takeName(), let field = Self.field(name) else { return false }
            let bit: UInt16 = 1 << field.rawValue
            guard seen & bit == 0 else { return false }
            seen |= bit
            guard readPlain(field, &cursor) else { return false }
        } while cursor.take(UInt8(ascii: ","))
        return cursor.take(UInt8(ascii: "}")) && cursor.isAtEnd() && seen & 1 << Field.value.rawValue != 0
    }

    private mutating func readPlain(_ field: Field, _ cursor: inout PlainJSONCursor) -> Bool {
        switch field {
        case .topic, .error, .reason:
            // Its bytes stay, unused, until the next line.
            return cursor.takeString(to: &record.bytes) != nil
        case .partition:
            guard let number = cursor.takeInteger(), let partition = Int32(exactly: number), partition >= 0 else {
                return false
            }
            record.partition = partition
            return true
        case .offset: return cursor.takeInteger().map { $0 >= 0 } ?? false
        case .timestamp:
            guard let timestamp = cursor.takeInteger(), timestamp >= 0 else { return false }
            record.timestamp = timestamp
            return true
        case .key:
            guard let key = plainContent(&cursor) else { return false }
            record.key = key.range
            return true
        case .value:
            guard let value = plainContent(&cursor) else { return false }
            record.value = value.range
            return true
        case .headers: return readPlainHeaders(&cursor)
        }
    }

    /// What a key or value came to.
    private enum Content {
        case null
        case bytes(Range<Int>)

        var range: Range<Int>? {
            switch self {
            case .null: nil
            case .bytes(let range): range
            }
        }
    }

    /// A string, null, or `{"base64": …}`; nil for anything else.
    private mutating func plainContent(_ cursor: inout PlainJSONCursor) -> Content? {
        if cursor.takeNull() { return .null }
        guard cursor.take(UInt8(ascii: "{")) else { return cursor.takeString(to: &record.bytes).map { .bytes($0) } }
        guard let name = cursor.takeName(), Self.isSame(name, "base64"),
            let text = cursor.takeString(to: &record.bytes), cursor.take(UInt8(ascii: "}"))
        else { return nil }
        let start = record.bytes.count
        let isValid = Array(record.bytes[text]).withUnsafeBytes { Base64.append(decoding: $0, to: &record.bytes) }
        return isValid ? .bytes(start..<record.bytes.count) : nil
    }

    private mutating func readPlainHeaders(_ cursor: inout PlainJSONCursor) -> Bool {
        guard cursor.take(UInt8(ascii: "[")) else { return false }
        if cursor.take(UInt8(ascii: "]")) { return true }
        repeat {
            guard cursor.take(UInt8(ascii: "{")), let first = cursor.takeName(), Self.isSame(first, "key"),
                let key = cursor.takeString(to: &record.bytes), cursor.take(UInt8(ascii: ",")),
                let second = cursor.takeName(), Self.isSame(second, "value"),
                let content = plainContent(&cursor), cursor.take(UInt8(ascii: "}"))
            else { return false }
            record.headerRanges.append(InputRecord.Header(key: key, value: content.range))
        } while cursor.take(UInt8(ascii: ","))
        return cursor.take(UInt8(ascii: "]"))
    }

    private static func field(_ name: UnsafeRawBufferPointer) -> Field? {
        switch name.count {
        case 3 where Self.isSame(name, "key"): .key
        case 5:
            if Self.isSame(name, "value") {
                .value
            } else if Self.isSame(name, "topic") {
                .topic
            } else if Self.isSame(name, "error") {
                .error
            } else {
                nil
            }
        case 6:
            if Self.isSame(name, "offset") {
                .offset
            } else if Self.isSame(name, "reason") {
                .reason
            } else {
                nil
            }
        case 7 where Self.isSame(name, "headers"): .headers
        case 9:
            if Self.isSame(name, "partition") {
                .partition
            } else if Self.isSame(name, "timestamp") {
                .timestamp
            } else {
                nil
            }
        default: nil
        }
    }

    private static func isSame(_ name: UnsafeRawBufferPointer, _ text: StaticString) -> Bool {
        name.count == text.utf8CodeUnitCount && memcmp(name.baseAddress!, text.utf8Start, name.count) == 0
    }
}

/// A record as a line of input says it; its bytes are in one buffer, which the next line overwrites.
package struct InputRecord {
    /// A header's key and value in `bytes`; the value is nil for a null value.
    package struct Header {
        package var key: Range<Int>
        package var value: Range<Int>?
    }

    package fileprivate(set) var bytes: [UInt8] = []
    /// In `bytes`; nil for a null key.
    package internal(set) var key: Range<Int>?
    /// In `bytes`; nil for a tombstone.
    package internal(set) var value: Range<Int>?
    /// Nil where the partitioner decides.
    package internal(set) var partition: Int32?
    /// Milliseconds since 1970; nil for the time of sending.
    package internal(set) var timestamp: Int64?
    package internal(set) var headerRanges: [Header] = []

    package init() {}

    /// Forgets all of it, but keeps the memory.
    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        headerRanges.removeAll(keepingCapacity: true)
        key = nil
        value = nil
        partition = nil
        timestamp = nil
    }

    mutating func append(_ content: some Sequence<UInt8>) -> Range<Int> {
        let start = bytes.count
        bytes += content
        return start..<bytes.count
    }
}

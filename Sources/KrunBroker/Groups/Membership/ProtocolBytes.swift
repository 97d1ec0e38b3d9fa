/// Bytes that members of a group wrote for each other, read from their front.
struct ProtocolBytes {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
        rest = bytes[...]
    }

    var count: Int { rest.count }

    /// The next number, with its sign; nil when the bytes end before.
    mutating func integer(bytes: Int) -> Int? {
        guard rest.count >= bytes else { return nil }
        var value = 0
        for byte in rest.prefix(bytes) { value = value << 8 | Int(byte) }
        rest = rest.dropFirst(bytes)
        let sign = 1 << (8 * bytes - 1)
        return value >= sign ? value - 2 * sign : value
    }

    /// The next text, which follows its length; nil when the bytes end before.
    mutating func text() -> String? {
        guard let length = integer(bytes: 2), length >= 0, length <= rest.count else { return nil }
        defer { rest = rest.dropFirst(length) }
        return String(decoding: rest.prefix(length), as: UTF8.self)
    }
}

/// Bytes of a record as a scenario file can say them.
public enum ByteText {
    /// The text that the bytes are, where a string of a file can be it: UTF-8 without a NUL; nil otherwise.
    public static func writable(_ bytes: some Collection<UInt8>) -> String? {
        bytes.contains(0) ? nil : String(validating: bytes, as: UTF8.self)
    }

    /// Such as `{"hex":"00ff"}`; of more than `limit` bytes the first so many, and `…`.
    public static func hex(_ bytes: some Collection<UInt8>, limit: Int = .max) -> String {
        "{\"hex\":\"\(digits(bytes.prefix(limit)))\(bytes.count > limit ? "…" : "")\"}"
    }

    /// Two digits for each byte.
    public static func digits(_ bytes: some Collection<UInt8>) -> String {
        let letters = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 2)
        for byte in bytes { text += [letters[Int(byte >> 4)], letters[Int(byte & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }
}

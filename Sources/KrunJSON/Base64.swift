import KrunDiagnostics

/// Bytes as the text of RFC 4648, section 4, with padding.
package enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    package static func text(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let part = bytes[start..<min(start + 3, bytes.count)]
            let bits = part.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - part.count))
            for index in 0...3 {
                let isPadding = index > part.count
                text.append(isPadding ? UInt8(ascii: "=") : alphabet[bits >> (18 - 6 * index) & 63])
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static let digits: [UInt8] = {
        var digits = [UInt8](repeating: 255, count: 256)
        for (digit, letter) in alphabet.enumerated() { digits[Int(letter)] = UInt8(digit) }
        return digits
    }()

    /// Appends the bytes that the text stands for; false, having appended some or none, where it is no such text.
    package static func append(decoding text: UnsafeRawBufferPointer, to bytes: inout [UInt8]) -> Bool {
        guard text.count % 4 == 0 else { return false }
        let padding = text.reversed().prefix(2).prefix { $0 == UInt8(ascii: "=") }.count
        var group: UInt32 = 0
        for (position, letter) in text.dropLast(padding).enumerated() {
            let digit = digits[Int(letter)]
            guard digit < 64 else { return false }
            group = group << 6 | UInt32(digit)
            if position % 4 == 3 {
                bytes.append(UInt8(truncatingIfNeeded: group >> 16))
                bytes.append(UInt8(truncatingIfNeeded: group >> 8))
                bytes.append(UInt8(truncatingIfNeeded: group))
            }
        }
        switch padding {
        case 1:
            bytes.append(UInt8(truncatingIfNeeded: group >> 10))
            bytes.append(UInt8(truncatingIfNeeded: group >> 2))
            // Bits that no byte takes.
            return group & 3 == 0
        case 2:
            bytes.append(UInt8(truncatingIfNeeded: group >> 4))
            return group & 15 == 0
        default: return true
        }
    }
}

extension JSONValue {
    /// Text where a scenario's text can be the bytes, otherwise `{"base64": …}`; null for a tombstone.
    package static func payload(_ bytes: [UInt8]?) -> JSONValue {
        guard let bytes else { return .null }
        if let text = ByteText.writable(bytes) { return .string(text) }
        return .object([Member("base64", .string(Base64.text(bytes)))])
    }
}

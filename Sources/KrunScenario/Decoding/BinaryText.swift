/// Bytes written as text.
package enum BinaryText {
    /// What is wrong with such a text.
    package struct Fault: Error, Hashable {
        /// 0-based, in Unicode scalars; the text's length when it ends too early.
        package let offset: Int
        package let label: String
    }

    /// The bytes of pairs of hexadecimal digits, in either case, with nothing between them.
    package static func hex(_ text: String) throws(Fault) -> [UInt8] {
        var bytes: [UInt8] = []
        var high: UInt8?
        var offset = 0
        for scalar in text.unicodeScalars {
            guard let digit = Character(scalar).hexDigitValue, scalar.isASCII else {
                throw Fault(offset: offset, label: "not a hexadecimal digit")
            }
            if let first = high {
                bytes.append(first << 4 | UInt8(digit))
                high = nil
            } else {
                high = UInt8(digit)
            }
            offset += 1
        }
        if high != nil { throw Fault(offset: offset - 1, label: "a digit is missing after this one") }
        return bytes
    }

    /// The bytes of base64 with the standard alphabet and its padding (RFC 4648, section 4).
    package static func base64(_ text: String) throws(Fault) -> [UInt8] {
        var bytes: [UInt8] = []
        var group: UInt32 = 0
        var digits = 0
        var padding = 0
        var offset = 0
        for scalar in text.unicodeScalars {
            let value: UInt32
            switch scalar {
            case "=":
                guard digits % 4 >= 2, padding < 2 else {
                    throw Fault(offset: offset, label: "padding comes too early")
                }
                value = 0
                padding += 1
            case _ where padding > 0: throw Fault(offset: offset, label: "nothing may follow the padding")
            case "A"..."Z": value = scalar.value - 65
            case "a"..."z": value = scalar.value - 97 + 26
            case "0"..."9": value = scalar.value - 48 + 52
            case "+": value = 62
            case "/": value = 63
            default: throw Fault(offset: offset, label: "not a letter of base64")
            }
            group = group << 6 | value
            digits += 1
            offset += 1
            if digits % 4 == 0 {
                let three = [UInt8(group >> 16 & 0xff), UInt8(group >> 8 & 0xff), UInt8(group & 0xff)]
                if padding > 0, group & (padding == 1 ? 0xff : 0xffff) != 0 {
                    throw Fault(offset: offset - padding - 1, label: "this letter holds bits that no byte takes")
                }
                bytes.append(contentsOf: three.prefix(3 - padding))
                group = 0
            }
        }
        if digits % 4 != 0 {
            throw Fault(offset: max(offset - 1, 0), label: "the text stops within a group of four; pad it with =")
        }
        return bytes
    }
}

import CJansson

/// The Jansson that this room was built with.
package enum JSONLibrary {
    /// Such as `2.14`.
    package static var version: String { JANSSON_VERSION }
}

/// The C library, as far as it is used: every `json_t` made here is freed before the function returns.
enum Jansson {
    /// A value nested deeper than this is refused; the library's own constant, which it does not export.
    static let depthLimit = 2048

    /// What the library has to say against a text.
    struct Complaint {
        var text: String
        /// The offset of the byte up to which it had read.
        var offset: Int
        /// Whether it is only that a number is larger than those of C.
        var isOverflow: Bool
    }

    /// Why `bytes` are not one JSON value; nil where they are. Duplicate names are let through.
    static func complaint(_ bytes: [UInt8], allowsNUL: Bool) -> Complaint? {
        var error = json_error_t()
        if let value = load(bytes[...], allowsNUL: allowsNUL, &error) {
            json_decref(value)
            return nil
        }
        let text = withUnsafeBytes(of: error.text) { raw in
            String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
        }
        return Complaint(
            text: text, offset: max(0, min(Int(error.position), bytes.count)),
            isOverflow: json_error_code(&error) == json_error_numeric_overflow)
    }

    /// The content, in UTF-8, of a string whose source text, with its quotes, is valid.
    static func string(_ source: ArraySlice<UInt8>) -> [UInt8] {
        decode(source) { value in
            let start = UnsafeRawPointer(json_string_value(value))
            return Array(UnsafeRawBufferPointer(start: start, count: json_string_length(value)))
        }
    }

    static func appendText(of string: String, to text: inout [UInt8]) {
        // A Swift string handed to C is never NULL, not even an empty one, and NULs inside it are passed as they are.
        append(json_stringn(string, string.utf8.count), flags: 0, to: &text)
    }

    static func appendText(of integer: Int64, to text: inout [UInt8]) {
        append(json_integer(json_int_t(integer)), flags: 0, to: &text)
    }

    /// - Parameter digits: how many significant digits are written at most.
    static func appendText(of real: Double, digits: Int, to text: inout [UInt8]) {
        append(json_real(real), flags: (digits & 0x1F) << 11, to: &text)
    }

    private static func load(
        _ bytes: ArraySlice<UInt8>, allowsNUL: Bool, _ error: inout json_error_t
    ) -> UnsafeMutablePointer<json_t>? {
        let flags = JSON_DECODE_ANY | (allowsNUL ? JSON_ALLOW_NUL : 0)
        return bytes.withUnsafeBufferPointer { buffer in
            buffer.withMemoryRebound(to: CChar.self) { characters in
                json_loadb(characters.baseAddress, characters.count, Int(flags), &error)
            }
        }
    }

    private static func decode<Result>(
        _ source: ArraySlice<UInt8>, _ read: (UnsafeMutablePointer<json_t>) -> Result
    ) -> Result {
        var error = json_error_t()
        guard let value = load(source, allowsNUL: true, &error) else {
            preconditionFailure("a part of a valid JSON text must be valid")
        }
        defer { json_decref(value) }
        return read(value)
    }

    private static func append(_ value: UnsafeMutablePointer<json_t>?, flags: Int, to text: inout [UInt8]) {
        guard let value else { preconditionFailure("out of memory") }
        defer { json_decref(value) }
        let flags = flags | Int(JSON_ENCODE_ANY)
        let size = json_dumpb(value, nil, 0, flags)
        text += [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            buffer.withMemoryRebound(to: CChar.self) { _ = json_dumpb(value, $0.baseAddress, size, flags) }
            count = size
        }
    }
}

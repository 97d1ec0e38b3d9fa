/// Names of properties that nobody knows, which may be anything.
package enum PropertyName {
    /// Whether a text looks as names of properties do, `linger.ms`, so that it can be shown: another may be a secret in the wrong place.
    package static func looksLikeOne(_ text: String) -> Bool {
        text.utf8.contains(UInt8(ascii: "."))
            && text.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "._-".utf8.contains(byte)
            }
    }
}

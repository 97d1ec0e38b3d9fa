import ArgumentParser

/// `name=value`; the value may be empty.
struct NameAndValue: ExpressibleByArgument {
    let name: String
    let value: String

    /// The sign is looked for as a byte: to Swift it is one character with a combining mark that the value begins with.
    init?(argument: String) {
        let bytes = argument.utf8
        guard let sign = bytes.firstIndex(of: UInt8(ascii: "=")), sign != bytes.startIndex else { return nil }
        name = String(argument[..<sign])
        value = String(argument[bytes.index(after: sign)...])
    }
}

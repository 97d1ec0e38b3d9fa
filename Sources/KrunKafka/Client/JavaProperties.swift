/// A Java client's properties file in librdkafka's words.
public struct JavaProperties: Hashable, Sendable {
    /// A property that a Java client reads and that means nothing here, such as `key.serializer`.
    public struct Ignored: Hashable, Sendable {
        public let name: String
        /// Counted from 1.
        public let line: Int
    }

    public let properties: ClientProperties
    public let ignored: [Ignored]
}

/// All that is wrong with a properties file, in its order; no secret value is in it.
public struct JavaPropertiesError: Error, Hashable, Sendable {
    public struct Problem: Hashable, Sendable {
        /// Counted from 1.
        public let line: Int
        /// One sentence without a full stop.
        public let message: String
        /// The way out; may be empty.
        public let hint: String
    }

    public let file: String
    /// Never empty.
    public let problems: [Problem]
}

extension ClientProperties {
    /// Reads a Java client's properties file (`#` and `!` comments, `=` or `:`, continued lines, escapes) and maps it to
    /// librdkafka's names; librdkafka's own names pass through. `file` is only named in errors.
    public static func javaProperties(_ text: String, file: String) throws(JavaPropertiesError) -> JavaProperties {
        fatalError("not built yet")
    }
}

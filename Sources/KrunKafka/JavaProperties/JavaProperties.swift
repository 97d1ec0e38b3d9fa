/// A Java client's properties file in librdkafka's words.
public struct JavaProperties: Hashable, Sendable {
    /// A property that a Java client reads and that means nothing here, such as `key.serializer`.
    public struct Ignored: Hashable, Sendable {
        public let name: String
        /// Counted from 1.
        public let line: Int
    }

    public let properties: ClientProperties
    /// In the order of the file.
    public let ignored: [Ignored]
}

extension ClientProperties {
    /// Reads a Java client's properties file (`#` and `!` comments, `=` or `:`, continued lines, escapes) and maps it to
    /// librdkafka's names; librdkafka's own names pass through. `file` is only named in errors.
    ///
    /// Throws everything that is wrong at once: unknown names, stores that librdkafka cannot read, unknown login modules.
    public static func javaProperties(_ text: String, file: String) throws(JavaPropertiesError) -> JavaProperties {
        var mapping = JavaPropertiesMapping(JavaPropertiesReader.entries(of: text))
        mapping.run()
        guard mapping.problems.isEmpty else {
            throw JavaPropertiesError(file: file, problems: mapping.problems.sorted { $0.line < $1.line })
        }
        return JavaProperties(properties: mapping.properties, ignored: mapping.ignored)
    }
}

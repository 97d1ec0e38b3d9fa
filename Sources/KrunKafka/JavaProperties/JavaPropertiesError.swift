/// All that is wrong with a properties file, in its order; no value of a secret property is in it.
public struct JavaPropertiesError: Error, Hashable, Sendable, CustomStringConvertible {
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

    public var description: String {
        problems.map { "\(file):\($0.line): \($0.message)" }.joined(separator: "\n")
    }
}

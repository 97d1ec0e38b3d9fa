/// A text with `{{…}}` in it, compiled once.
public struct Template: Sendable {
    /// Appends the bytes of the message with that 0-based index.
    public func render(index: Int64, into buffer: inout [UInt8]) { preconditionFailure() }
}

/// Integer arithmetic over `index`, such as `index % 5`.
public struct IntegerExpression: Sendable {
    /// The value at that 0-based index; nil when it overflows or divides by zero.
    public func value(index: Int64) -> Int64? { preconditionFailure() }
}

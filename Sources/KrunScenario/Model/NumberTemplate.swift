/// A whole number that may depend on the message's index.
public enum NumberTemplate: Sendable {
    case constant(Int64)
    case expression(IntegerExpression)
}

/// A part of a string whose templates are understood.
enum TemplatePart {
    case text(String)
    case variable(Variable)
    /// Has a value at every index it will be asked for.
    case expression(IntegerExpression)
}

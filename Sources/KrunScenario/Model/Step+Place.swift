public import KrunDiagnostics
import KrunJSON

extension Step {
    /// Where the file says a field of the step; without a name, or where the step has no such field, what its verb names.
    public func place(of field: String? = nil) -> Place {
        let verb =
            switch action {
            case .produce: "produce"
            case .consume: "consume"
            }
        return (field.flatMap { node[$0] } ?? node[verb] ?? node).place
    }
}

extension TopicDeclaration {
    /// Where the file says a field of the topic; without a name, or where it has no such field, its name.
    public func place(of field: String? = nil) -> Place {
        (field.flatMap { node[$0] } ?? node["name"] ?? node).place
    }
}

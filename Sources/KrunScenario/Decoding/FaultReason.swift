import KrunJSON

/// Why something is wrong with a file: what its structure tells, which the JSON Schema refuses as well, or what only the decoder knows.
enum FaultReason: CaseIterable {
    /// A field that is unknown, missing or too much beside others; a value of the wrong type, out of range, or none of those there are.
    case structure
    /// What a template comes to, or that it is none.
    case template
    /// A number that is whole, and not written so: to a schema `3.0` is 3.
    case notation
    /// How long a duration is, what a number within a text is, how many bytes a text has.
    case amount
    /// A regular expression.
    case pattern
    /// A date that no calendar has.
    case calendar
    /// A name that Kafka refuses.
    case name
    /// A topic, group, partition or member that there is not, or that there is already.
    case declaration
    /// Fields far from each other, or their values, that do not go together.
    case combination
    /// What a broker or a client that the file does not name would refuse.
    case environment
    /// What is sent, and what becomes of it.
    case traffic
    /// A name that is nearly another's.
    case spelling
    /// How much work the file asks for.
    case budget
    /// What does not stand in the file.
    case override
}

extension FaultReason {
    /// Of a value that is of the wrong type, out of range or none of those there are.
    init(of node: JSONNode?) {
        if let text = node?.string, TemplateScanner.mayHoldTemplates(text) {
            self = .template
        } else if node?.kind == .real, let number = node?.number, number == number.rounded() {
            self = .notation
        } else {
            self = .structure
        }
    }
}

/// What is wrong inside a template, and which scalars of the string it is about.
struct TemplateError: Error {
    let title: String
    /// A variable that there is not: what may have been meant is said with the error.
    var unknownVariable: String?
    /// Scalars of the whole string, 0-based.
    let offset: Int
    let length: Int
    let label: String
    var notes: [String] = []
}

/// What is wrong inside a template, and which scalars of the string it is about.
struct TemplateError: Error {
    let title: String
    /// Scalars of the whole string, 0-based.
    let offset: Int
    let length: Int
    let label: String
    var notes: [String] = []
}

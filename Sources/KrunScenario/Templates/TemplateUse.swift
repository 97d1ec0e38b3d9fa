/// A string with templates where it stands: enough to tell it from any other, and cheaper than its place.
struct TemplateUse: Hashable {
    let text: String
    /// Of the value's first byte in its document.
    let offset: Int
}

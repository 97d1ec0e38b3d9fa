/// Whether `{{index}}` means something where a template stands.
enum IndexScope {
    case none
    /// It runs over `0..<count`.
    case messages(count: Int64)
}

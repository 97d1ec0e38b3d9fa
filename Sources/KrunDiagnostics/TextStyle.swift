/// Whether text for a terminal carries colours.
public struct TextStyle: Hashable, Sendable {
    public static let plain = TextStyle(usesColour: false)
    /// With ANSI escape sequences.
    public static let colour = TextStyle(usesColour: true)

    public let usesColour: Bool

    /// These return `text` in that style, and an empty one as it is.
    public func bold(_ text: String) -> String { styled(text, 1) }
    public func dim(_ text: String) -> String { styled(text, 2) }
    public func red(_ text: String) -> String { styled(text, 31) }
    public func green(_ text: String) -> String { styled(text, 32) }
    public func yellow(_ text: String) -> String { styled(text, 33) }
    public func blue(_ text: String) -> String { styled(text, 34) }
    public func cyan(_ text: String) -> String { styled(text, 36) }

    private func styled(_ text: String, _ code: Int) -> String {
        usesColour && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}

/// How much work one file may still ask of its reader: no file keeps it busy for long, or fills the memory.
///
/// What is used is taken off. Where it is used up, the file is refused with the reason, or what the work was to tell is not
/// told.
struct WorkBudget {
    /// The most bytes that variables may come to, where they are used, all together.
    static let mostExpansion = 10 << 20
    /// The most instructions of all patterns together.
    static let mostPatterns = 1_000_000

    /// The most templates of a file.
    static let mostTemplates = 100_000
    /// The most bytes of what stands between the braces of all templates together.
    static let mostTemplateBytes = 2 << 20

    /// What is tried one by one: a byte of a key, half an instruction of an expression, an eighth of a message that is looked at.
    var trials = 16_000_000
    /// Letters that are compared with letters to find what a misspelt name was meant to be.
    var spelling = 10_000_000
    /// In bytes.
    var expansion = Self.mostExpansion
    var patterns = Self.mostPatterns
    var templates = Self.mostTemplates
    var templateBytes = Self.mostTemplateBytes

    /// Takes trials off; false, with none taken, where there are not enough.
    mutating func takesTrials(_ count: Int) -> Bool {
        if trials < count { return false }
        trials -= count
        return true
    }
}

/// Names in a sentence, without more of them than anybody reads.
func listed(_ names: [String]) -> String {
    var text = ""
    for (number, name) in names.enumerated() {
        if number == 50 || text.utf8.count > 4_000 { return "\(text) and \(names.count - number) more" }
        if number > 0 { text += ", " }
        text += name.utf8.count > 300 ? String(name.unicodeScalars.prefix(60)) + "…" : name
    }
    return text
}

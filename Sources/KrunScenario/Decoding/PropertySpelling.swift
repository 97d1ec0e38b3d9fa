import KrunDiagnostics

extension DecodingContext {
    /// What was probably meant by a dotted name: a misspelt one, or one of which only some words are written.
    func nearestProperty(to name: String, among names: [String]) -> String? {
        if let nearest = nearest(to: name, among: names) { return nearest }
        // As much as comparing it letter by letter with about as many.
        work.spelling -= 100 * names.count
        guard !isFull, work.spelling > 0 else { return nil }
        let words = Self.words(of: name)
        // One word as short as "ms" would fit nearly everything.
        guard name.utf8.count >= 4, words.count <= 8 else { return nil }
        return names.filter { Self.isPart(words, of: Self.words(of: $0)) }
            .min { ($0.utf8.count, $0) < ($1.utf8.count, $1) }
    }

    private static func words(of name: String) -> [Substring] {
        name.lowercased().split { ".-_ ".contains($0) }.map { Substring($0) }
    }

    /// Whether the words stand in another name in the same order, the first of them at its beginning.
    private static func isPart(_ words: [Substring], of whole: [Substring]) -> Bool {
        guard let first = words.first, first == whole.first else { return false }
        var rest = whole[...]
        for word in words {
            guard let index = rest.firstIndex(of: word) else { return false }
            rest = rest[(index + 1)...]
        }
        return true
    }
}

/// Finds the name somebody probably meant.
public enum Spelling {
    /// Longer names get no suggestion: they come from a file, and comparing two takes the product of their lengths.
    static let lengthLimit = 256

    /// The candidate nearest to `name`, the first of several equally near, or nil when none is near enough to be worth
    /// suggesting.
    ///
    /// Near enough is the same letters in another case, or an edit distance (insert, delete, replace, swap of
    /// neighbours; case does not count) of at most a third of the name's length, at least 1, with something in common.
    public static func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
        var effort = Int.max
        return nearest(to: name, among: candidates, effort: &effort)
    }

    /// The same for somebody who compares many names.
    ///
    /// - Parameter effort: how many pairs of letters may be compared; what was used is taken off. Where nothing is left,
    ///   nothing is found.
    public static func nearest(
        to name: String, among candidates: some Sequence<String>, effort: inout Int
    ) -> String? {
        // A character has no more bytes than that, but for marks without end.
        let byteLimit = 8 * lengthLimit
        guard effort > 0, name.utf8.count <= byteLimit else { return nil }
        let name = letters(of: name)
        guard name.count <= lengthLimit else { return nil }
        let limit = max(1, name.count / 3)
        var best: (candidate: String, distance: Int)?
        for candidate in candidates {
            effort -= 16
            guard candidate.utf8.count <= byteLimit, candidate.utf8.count + limit >= name.count else { continue }
            // Of ASCII alone a byte is a letter.
            if candidate.utf8.count > 4 * (name.count + limit) { continue }
            let letters = letters(of: candidate)
            if letters == name { return candidate }
            guard abs(letters.count - name.count) <= limit else { continue }
            effort -= letters.count * name.count
            if effort < 0 { return nil }
            let distance = distance(name, letters)
            guard distance <= limit, distance < max(name.count, letters.count) else { continue }
            if distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best?.candidate
    }

    private static func letters(of name: String) -> [Unicode.Scalar] { Array(name.lowercased().unicodeScalars) }

    /// The optimal-string-alignment distance.
    static func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
        if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
        var beforePrevious: [Int] = []
        var previous = Array(0...b.count)
        for i in 1...a.count {
            var row = [i] + Array(repeating: 0, count: b.count)
            for j in 1...b.count {
                let substitution = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
                row[j] = min(previous[j] + 1, row[j - 1] + 1, substitution)
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                    row[j] = min(row[j], beforePrevious[j - 2] + 1)
                }
            }
            (beforePrevious, previous) = (previous, row)
        }
        return previous[b.count]
    }
}

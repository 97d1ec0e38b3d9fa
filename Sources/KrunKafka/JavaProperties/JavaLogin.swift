/// A login in `sasl.jaas.config`: `org.….PlainLoginModule required username="alice" password="…";`.
struct JavaLogin: Hashable {
    /// The class without its package.
    var module: String
    var options: [String: String] = [:]

    /// Nil for what is no login of one module.
    init?(_ text: String) {
        var words = Self.words(of: text)
        guard words.last == ";" else { return nil }
        words.removeLast()
        guard words.count >= 2, let module = words[0].split(separator: ".").last, !words.contains(";") else {
            return nil
        }
        self.module = String(module)
        var rest = words[2...]
        while let name = rest.popFirst() {
            guard rest.popFirst() == "=", let value = rest.popFirst() else { return nil }
            options[name] = value
        }
    }

    /// Words, quoted texts without their quotes, `=` and `;`.
    private static func words(of text: String) -> [String] {
        var words: [String] = []
        var rest = text[...]
        while let first = rest.first {
            if first.isWhitespace {
                rest.removeFirst()
            } else if first == "=" || first == ";" {
                words.append(String(rest.removeFirst()))
            } else if first == "\"" || first == "'" {
                rest.removeFirst()
                var word = ""
                while let character = rest.popFirst(), character != first {
                    word.append(character == "\\" ? rest.popFirst() ?? "\\" : character)
                }
                words.append(word)
            } else {
                let word = rest.prefix { !$0.isWhitespace && $0 != "=" && $0 != ";" }
                words.append(String(word))
                rest.removeFirst(word.count)
            }
        }
        return words
    }
}

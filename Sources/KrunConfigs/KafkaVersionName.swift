/// The names that `message.format.version` and `inter.broker.protocol.version` may have: `2.8`, `2.8-IV1`, `2.8.0`.
enum KafkaVersionName {
    /// How many intermediate versions (`-IV0` and on) each release has.
    private static let releases: [String: Int] = [
        "0.8.0": 0, "0.8.1": 0, "0.8.2": 0, "0.9.0": 0, "0.10.0": 2, "0.10.1": 3, "0.10.2": 1, "0.11.0": 3, "1.0": 1,
        "1.1": 1, "2.0": 2, "2.1": 3, "2.2": 2, "2.3": 2, "2.4": 2, "2.5": 1, "2.6": 1, "2.7": 3, "2.8": 2, "3.0": 2,
        "3.1": 1, "3.2": 1, "3.3": 4, "3.4": 1, "3.5": 3, "3.6": 3, "3.7": 5, "3.8": 1, "3.9": 1,
    ]

    static func isKnown(_ name: String) -> Bool {
        let segments = name.split(separator: ".", omittingEmptySubsequences: false)
        let counted = name.hasPrefix("0.") ? 3 : 2
        // Anything after the release's own segments is a bugfix number, which does not matter.
        let release = segments.count > counted ? segments.prefix(counted).joined(separator: ".") : name
        guard let mark = release.range(of: "-IV") else { return releases[release] != nil }
        guard let count = releases[String(release[..<mark.lowerBound])] else { return false }
        return (0..<count).contains { String($0) == release[mark.upperBound...] }
    }
}

extension String {
    /// The first occurrence of `text`, without Foundation.
    fileprivate func range(of text: String) -> Range<String.Index>? {
        indices.lazy.first { self[$0...].hasPrefix(text) }.map { $0..<index($0, offsetBy: text.count) }
    }
}

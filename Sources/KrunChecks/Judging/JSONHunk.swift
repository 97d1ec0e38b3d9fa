import KrunJSON
import KrunJSONPath
import KrunPatterns
import KrunScenario

/// What is missing from a JSON value and what is too much, line by line.
enum JSONHunk {
    /// How many lines of a difference are shown, and how many that are the same stand around one.
    private static let limit = 24
    private static let around = 1
    /// Beyond so many lines values are not compared line by line.
    private static let largest = 2_000

    /// The difference, without colours: `- ` what is expected and not there, `+ ` what is there instead; nil where the two are no JSON of several
    /// parts.
    static func lines(_ matcher: Matcher, _ actual: [UInt8]?) -> [String]? {
        guard let actual = actual.flatMap({ RecordValue.json($0) }), [.array, .object].contains(actual.kind) else {
            return nil
        }
        switch matcher.rule {
        case .equals(.json(let node)), .json(let node): return lines(node, actual)
        case .contains(.json(let node)):
            var lines: [String] = []
            addMissing(node, actual, at: "$", to: &lines)
            return shortened(lines)
        case .path(let paths): return paths.flatMap { self.lines($0, actual) }
        default: return nil
        }
    }

    /// What stands at the end of a path, where it does not match.
    private static func lines(_ path: PathMatcher, _ actual: JSONNode) -> [String] {
        let budget = PatternBudget(.seconds(1))
        guard let answer = try? path.path.first(in: actual, within: budget), let found = Optional(answer) else {
            let isExpected = (try? path.matcher.accepts(json: nil, within: budget)) == true
            return isExpected ? [] : both(path.path.text, MismatchText.text(path.matcher.expected), nil)
        }
        if (try? path.matcher.accepts(json: found, within: budget)) == true { return [] }
        return both(path.path.text, MismatchText.text(path.matcher.expected), found)
    }

    private static func both(_ path: String, _ expected: String, _ actual: JSONNode?) -> [String] {
        let there = actual.map { "\(path): \(KeyText.shortened(String(decoding: $0.compactText, as: UTF8.self)))" }
        return ["- \(path): \(expected)", "+ \(there ?? "nothing there")"]
    }

    /// What of a part is not in the whole.
    private static func addMissing(_ part: JSONNode, _ whole: JSONNode?, at path: String, to lines: inout [String]) {
        func text(_ node: JSONNode) -> String { KeyText.shortened(String(decoding: node.compactText, as: UTF8.self)) }
        let budget = PatternBudget(.seconds(1))
        if let whole, (try? JSONPart.isPart(part, of: whole, within: budget)) == true { return }
        switch (part.kind, whole?.kind) {
        case (.object, .object):
            for member in part.members {
                let isPlain = member.name.utf8.allSatisfy {
                    $0 >= 0x30 && $0 < 0x7B && $0 != 0x5B && $0 != 0x5C && $0 != 0x5D
                }
                let step = isPlain ? ".\(member.name)" : "[\(JSONValue.string(member.name).text(pretty: false))]"
                addMissing(member.value, whole?[member.name], at: path + step, to: &lines)
            }
        case (.array, .array):
            let there = whole?.elements ?? []
            let missing = part.elements.filter { element in
                !there.contains { (try? JSONPart.isPart(element, of: $0, within: budget)) == true }
            }
            for element in missing { lines.append("- \(path)[…]: \(text(element))") }
            if missing.isEmpty { lines.append("- \(path): \(text(part)), one for each") }
            if let whole { lines.append("+ \(path): \(text(whole))") }
        default: lines += both(path, text(part), whole)
        }
    }

    private static func shortened(_ lines: [String]) -> [String] {
        let more = lines.count - limit
        return more > 0 ? Array(lines.prefix(limit)) + ["and \(more) more lines"] : lines
    }

    private static func lines(_ expected: JSONNode, _ actual: JSONNode) -> [String]? {
        guard [.array, .object].contains(expected.kind) else { return nil }
        let (wanted, there) = (text(expected), text(actual))
        guard wanted.count <= largest, there.count <= largest else { return nil }
        let all = difference(wanted, there)
        // Only what is near a change.
        let changed = all.indices.filter { !all[$0].hasPrefix("  ") }
        var shown: [String] = []
        var last: Int?
        for index in all.indices where changed.contains(where: { abs($0 - index) <= around }) {
            if let last, index > last + 1 { shown.append("  …") }
            shown.append(all[index])
            last = index
        }
        return shortened(shown)
    }

    /// A value with a line for each part, members in the order of their names.
    private static func text(_ node: JSONNode, depth: Int = 0) -> [String] {
        let indent = String(repeating: "  ", count: depth)
        guard depth < 50 else { return [indent + "…"] }
        switch node.kind {
        case .array where node.count > 0:
            return [indent + "["] + node.elements.flatMap { text($0, depth: depth + 1) } + [indent + "]"]
        case .object where node.count > 0:
            // No commas, which would make lines differ that do not.
            let members = node.members
                .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
                .map { member in
                    let name = JSONValue.string(member.name).text(pretty: false)
                    var lines = text(member.value, depth: depth + 1)
                    lines[0] = indent + "  \(name): " + lines[0].drop { $0 == " " }
                    return lines
                }
            return [indent + "{"] + members.joined() + [indent + "}"]
        default: return [indent + KeyText.shortened(String(decoding: node.compactText, as: UTF8.self))]
        }
    }

    /// The longest common lines and what stands between them (Myers would be faster; these are short).
    private static func difference(_ a: [String], _ b: [String]) -> [String] {
        var common = Array(repeating: Array(repeating: Int32(0), count: b.count + 1), count: a.count + 1)
        for i in a.indices.reversed() {
            for j in b.indices.reversed() {
                common[i][j] = a[i] == b[j] ? common[i + 1][j + 1] + 1 : max(common[i + 1][j], common[i][j + 1])
            }
        }
        var lines: [String] = []
        var (i, j) = (0, 0)
        while i < a.count || j < b.count {
            if i < a.count, j < b.count, a[i] == b[j] {
                lines.append("  " + a[i])
                (i, j) = (i + 1, j + 1)
            } else if j == b.count || i < a.count && common[i + 1][j] >= common[i][j + 1] {
                lines.append("- " + a[i])
                i += 1
            } else {
                lines.append("+ " + b[j])
                j += 1
            }
        }
        return lines
    }
}

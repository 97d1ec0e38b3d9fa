import KrunJSON
import KrunJSONPath
import KrunPatterns

/// JSON paths, and values to follow them through: a path, a NUL, a JSON text.
///
/// A path is read or refused with a place in it; what is found in the bytes alone must be what is found in the document.
struct PathTarget: FuzzTarget {
    let name = "paths"
    let weight = 2

    func seeds(_ random: inout SplitMix64) -> [[UInt8]] { Self.sound.map { Self.input($0.path, $0.text) } }

    func corpus(_ random: inout SplitMix64) -> [(name: String, bytes: [UInt8])] {
        Self.sound.map { ($0.name, Self.input($0.path, $0.text)) } + [
            ("hostile-empty", []),
            ("hostile-brackets", Self.input(String(repeating: "$[?(", count: 2_000), "[]")),
            ("hostile-descent", Self.input("$" + String(repeating: "..*", count: 90), "[[[[[[[[1]]]]]]]]")),
            ("hostile-pattern", Self.input("$[?match(@.t, @.p)]", #"[{"t":"aa","p":"((a{99}){99})*"}]"#)),
            ("hostile-not-utf8", Array("$.a\0[\"".utf8) + [0xC3, 0x28] + Array("\"]".utf8)),
        ]
    }

    private static let sound = [
        (name: "names", path: "$.order.state", text: #"{"id":7,"order":{"state":"sent","lines":[1.5e3,-2]},"é":null}"#),
        (name: "indices", path: "$['a b'][1].c", text: #" {"a b" : [ true , { "c" : "\u00e9\n\"" } ] } "#),
        (name: "slices", path: "$..[1:5:2, -1, 'x']", text: #"[[1,2,3],{"x":[4,5,6]}]"#),
        (
            name: "filters", path: "$[?@.n >= 1 && !(@.s == 'x') || count(@.*) == 2]",
            text: #"[{"n":1,"s":"y"},{"n":0}]"#
        ),
        (name: "functions", path: #"$[?search(@, "[a-c]+\\.") && length(value(@)) > 2]"#, text: #"["abc.","日本語"]"#),
        (name: "root", path: "$", text: "-0.0"),
    ]

    private static func input(_ path: String, _ text: String) -> [UInt8] {
        Array(path.utf8) + [0] + Array(text.utf8)
    }

    private static let tokens = [
        "..", "[*]", "[?@", "['a']", "[0]", "[-1]", ":", "==", "&&", "||", "!", "(", ")", "length(", "match(", "'",
        "\\u00e9", "]",
        "9007199254740993", "1e400", #","a":1"#, "{", "}", "null", "\"",
    ]

    /// A part of a path or of a value, somewhere.
    func change(_ input: inout [UInt8], _ random: inout SplitMix64) {
        let token = Self.tokens[random.below(Self.tokens.count)]
        input.insert(contentsOf: token.utf8, at: random.below(input.count + 1))
    }

    func run(_ input: [UInt8], _ random: inout SplitMix64) -> Verdict {
        let parts = input.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
        let written = String(decoding: parts[0], as: UTF8.self)
        let path: JSONPath
        do throws(JSONPathFault) {
            path = try JSONPath(written)
        } catch {
            let isWithin = error.offset >= 0 && error.length > 0 && error.offset <= written.unicodeScalars.count
            if !isWithin || error.label.isEmpty { fatalError("\(error) is no place in \(written)") }
            return Verdict(heading: "(paths)", isAccepted: false)
        }
        let text = parts.count > 1 ? Array(parts[1]) : []
        let place = text.withUnsafeBytes { path.place(in: $0) }
        guard let root = try? JSONDocument.parse(text, file: "value.json").root else {
            if place != .unsure { fatalError("\(place) was found in what is no JSON") }
            return Verdict(heading: "(paths)", isAccepted: true)
        }
        // What takes longer is given up, and says nothing.
        let budget = PatternBudget(.milliseconds(20))
        guard let nodes = try? path.nodes(in: root, within: budget, limit: 1_000) else {
            return Verdict(heading: "(paths)", isAccepted: true)
        }
        let first = nodes.first?.node.sourceText
        switch place {
        case .found(let range):
            guard let first, first.startIndex == range.lowerBound, first.endIndex == range.upperBound else {
                fatalError("\(path.text) was found at \(range), and is not there")
            }
        case .absent:
            if first != nil { fatalError("\(path.text) was not found, and is there") }
        case .unsure: break
        }
        for node in nodes { _ = node.path }
        return Verdict(heading: "(paths)", isAccepted: true)
    }
}

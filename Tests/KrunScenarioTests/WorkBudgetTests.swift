import KrunDiagnostics
import Testing

@testable import KrunScenario

/// No file keeps its reader busy, or fills the memory: it is judged in a moment, or refused with the reason.
@Suite("Work Budget", .serialized, .timeLimit(.minutes(3))) struct WorkBudgetTests {
    private static func list(_ count: Int, _ item: (Int) -> String) -> String {
        (0..<count).map(item).joined(separator: ",")
    }

    private static func file(_ steps: String, variables: String = "{}", topics: String = #"{ "name": "orders" }"#)
        -> String
    {
        #"{ "name": "t", "variables": \#(variables), "topics": [\#(topics)], "steps": [\#(steps)] }"#
    }

    /// The first thing that is wrong, without its place, and how many there are.
    private static func first(_ text: String) -> String {
        let lines = problems(text).split(separator: "\n")
        return lines.prefix(3).map { $0.drop { "0123456789:- ".contains($0) } }.joined(separator: "\n")
    }

    @Test("variables come to no more than they may where they are used")
    func expansion() {
        let value = String(repeating: "x", count: 2_000_000)
        let message = Self.list(40) { _ in #"{ "value": "{{v}}" }"# }
        #expect(
            Self.first(
                Self.file(#"{ "produce": "orders", "messages": [\#(message)] }"#, variables: #"{ "v": "\#(value)" }"#))
                    == """
                    the variables of this file come to more than 10 MiB where they are used
                    ^ {{v}} would be 2000002 bytes more
                    = "count" sends a message many times, and { "bytes": … } makes a large one
                    """)
    }

    @Test("a text that is too long with its variables is refused, and not sent as it is written")
    func longText() {
        let value = String(repeating: "x", count: 3_000_000)
        #expect(
            Self.first(Self.file(#"{ "consume": "{{v}}{{v}}{{v}}" }"#, variables: #"{ "v": "\#(value)" }"#)) == """
                a text is too long
                ^ with its variables it has 9000002 bytes, more than 8 MiB
                """)
    }

    @Test("what stands in all templates together is bounded")
    func templateBytes() {
        let sum = "{{" + Array(repeating: "n", count: 400).joined(separator: "+") + "}}"
        let messages = Self.list(3_000) { _ in #"{ "value": "\#(sum)" }"# }
        #expect(
            Self.first(
                Self.file(#"{ "produce": "orders", "messages": [\#(messages)] }"#, variables: #"{ "n": 1 }"#)) == """
                    the templates of this file have more than 2 MiB
                    ^ no more are read
                    = split it into several files
                    """)
    }

    @Test("texts from variables are looked at no longer than anybody writes them")
    func longValues() {
        let long = String(repeating: "0", count: 300)
        for (value, use) in [
            ("librdkafka>=\(long)1", #""requires": ["{{v}}"]"#), ("\(long)1s", #""timeouts": { "join": "{{v}}" }"#),
        ] {
            let text =
                #"{ "name": "t", "variables": { "v": "\#(value)" }, \#(use), "topics": [{ "name": "t" }], "steps": [{ "consume": "t" }] }"#
            #expect(!problems(text).isEmpty)
        }
    }

    @Test("more values than are read are refused before they are")
    func values() {
        #expect(
            Self.first(#"{ "tags": [\#(Self.list(350_001) { _ in "1" })] }"#) == """
                the file has more than 350000 values
                ^ no more are read
                = split it into several files
                """)
        #expect(!problems(#"{ "name": "\#(String(repeating: "[,", count: 350_001))", "steps": 1 }"#).contains("values"))
    }

    @Test("names by the ten thousand that are not there")
    func names() {
        let unknown = Self.list(2_000) { #"{ "consume": "topic-number-\#($0)-that-is-unknown" }"# }
        let topics = Self.list(2_000) { #"{ "name": "topic-number-\#($0)-that-is-there" }"# }
        #expect(problems(Self.file(unknown, topics: topics)).hasSuffix("1500 more errors of test.json are not shown"))
        let variables = Self.list(2_000) { "\"v\($0)\": 1" }
        let messages = Self.list(2_000) { #"{ "value": "{{w\#($0)}}" }"# }
        #expect(
            problems(Self.file(#"{ "produce": "orders", "messages": [\#(messages)] }"#, variables: "{ \(variables) }"))
                .hasSuffix("1500 more errors of test.json are not shown"))
        let properties = Self.list(2_000) { "\"fetch.max.byte\($0)\": 1" }
        #expect(
            problems(Self.file(#"{ "consume": "orders", "client": { \#(properties) } }"#))
                .hasSuffix("1500 more errors of test.json are not shown"))
    }

    @Test("expressions, keys and expectations whose trials are much work")
    func trials() {
        let sum = String(repeating: "index+", count: 490)
        let value = #"{ "count": 1000000000, "value": "{{1/(\#(sum)index-999999999)}}" }"#
        #expect(
            problems(Self.file(#"{ "produce": "orders", "messages": [\#(Self.list(100) { _ in value })] }"#))
                .contains("the expression may have no value for some messages"))
        let keys = Self.list(3_000) { #""k\#($0)": { "values": [1, 2] }"# }
        let sent = Self.list(3_000) { #"{ "key": "k\#($0)" }"# }
        let steps =
            #"{ "produce": "orders", "messages": [\#(sent)] }, { "consume": "orders", "expect": { "keys": { \#(keys) } } }"#
        #expect(problems(Self.file(steps, topics: #"{ "name": "orders", "partitions": 3 }"#)) == "")
        let partitions = Self.list(3_000) { "\"\($0)\": {}" }
        let committed = Self.list(3_000) { "\"\($0 + 100_000)\": 1" }
        let expect = #"{ "partitions": { \#(partitions) }, "committed": { \#(committed) } }"#
        #expect(
            problems(
                Self.file(
                    #"{ "consume": "orders", "group": "g", "expect": \#(expect) }"#,
                    topics: #"{ "name": "orders", "existing": true }"#)) == "")
    }

    @Test("an expression that is too long is refused")
    func longExpression() {
        let sum = String(repeating: "index+", count: 1_000)
        #expect(
            Self.first(Self.file(#"{ "produce": "orders", "count": 1, "value": "{{\#(sum)1}}" }"#)) == """
                an expression is too long
                ^ more than 1000 words
                """)
    }

    @Test("the JSON paths of a file are bounded together, with the regular expressions in them")
    func paths() {
        let paths = (0..<150).map { #""$.a\#($0)[?match(@, '(a{900}){10}')]": 1"# }.joined(separator: ", ")
        #expect(
            Self.first(
                Self.file(
                    #"{ "consume": "orders", "expect": { "records": [{ "value": { "path": { \#(paths) } } }] } }"#))
                    == """
                    the JSON paths of this file are too large
                    ^ with their regular expressions they have more than 1000000 parts
                    """)
    }

    @Test("the regular expressions of a file are bounded together")
    func patterns() {
        let values = Self.list(2_000) { _ in #"{ "matches": "a{1000}" }"# }
        #expect(
            Self.first(Self.file(#"{ "consume": "orders", "expect": { "nullKey": { "values": [\#(values)] } } }"#))
                == """
                the regular expressions of this file are too large
                ^ with their repetitions written out they have more than 1000000 parts
                """)
    }

    @Test("a path, a number and a list of names are cut where they are long")
    func longTexts() {
        let name = String(repeating: "n", count: 100_000)
        let text = Self.file(#"{ "produce": "orders", "messages": [{ "value": { "\#(name)": "{{x}}" } }] }"#)
        let error = #expect(throws: Diagnostics.self) { try decode(text) }
        let path = error?.all.first?.place?.path ?? ""
        #expect(
            path.hasPrefix(#"$.steps[0].messages[0].value["nnn"#) && path.hasSuffix(#"n…"]"#) && path.utf8.count < 400)
        #expect(
            problems(Self.file(#"{ "consume": "orders", "group": 1.\#(name.replacing("n", with: "0")) }"#)).utf8.count
                < 300)
        let topics = Self.list(1_000) { "{ \"name\": \"t\($0)\" }" }
        #expect(
            problems(Self.file(#"{ "consume": "something" }"#, topics: topics).replacing("orders", with: "t0"))
                .hasSuffix("and 950 more"))
    }
}

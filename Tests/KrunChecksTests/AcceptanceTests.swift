import KrunDiagnostics
import KrunJSON
import KrunOutcome
import Testing

@testable import KrunChecks

/// What `--accept` writes into a file, and what it leaves.
struct AcceptanceTests {
    private typealias Value = Mismatch.Value

    /// One step whose `expect` has these members, each of them a failure.
    private static func source(_ expect: String) -> String {
        "{ \"variables\": { \"n\": 5 },\n \"steps\": [ {\"expect\":\t{ \(expect) } } ] }"
    }

    private static func outcome(_ steps: [StepOutcome], _ status: Status = .failed) -> ScenarioOutcome {
        var outcome = ScenarioOutcome(file: "a.json", name: "a test", status: status)
        outcome.steps = steps
        return outcome
    }

    private static func step(_ diagnostics: [Diagnostic], _ number: Int = 1) -> StepOutcome {
        StepOutcome(
            path: StepPath(number), title: "t", status: .failed, duration: .zero, result: .pause,
            diagnostics: diagnostics)
    }

    private static func failure(
        at place: Place, _ actual: Value, expected: Value = .number(1), field: String? = "messages"
    ) -> Diagnostic {
        Diagnostic(
            .failure, "it is not as expected", at: place,
            mismatch: Mismatch(.init(field), expected: expected, actual: actual))
    }

    private static func member(_ name: String, of source: String) throws -> JSONNode {
        let root = try JSONDocument.parse(Array(source.utf8), file: "a.json").root
        return try #require(root["steps"]?.elements[0]["expect"]?[name])
    }

    /// What becomes of `"x": literal` where `actual` was seen: the literal, or in brackets why it is left.
    private func accepted(
        _ literal: String, _ actual: Value, expected: Value = .number(1), field: String? = "messages"
    ) throws -> String {
        let source = Self.source("\"w\" : 1 ,  \"x\":\(literal),\"y\":[ ]")
        let place = try Self.member("x", of: source).place
        let diagnostic = Self.failure(at: place, actual, expected: expected, field: field)
        let acceptance = Acceptance(of: Self.outcome([Self.step([diagnostic])]), Array(source.utf8)) { _ in nil }
        #expect(acceptance.refusal == nil)
        #expect(acceptance.accepted == (acceptance.text == nil ? 0 : 1))
        guard let text = acceptance.text else {
            #expect(acceptance.left.map(\.place) == [place])
            return "(\(acceptance.left[0].reason))"
        }
        #expect(acceptance.left.isEmpty)
        let (before, after) = (Self.source("\"w\" : 1 ,  \"x\":\u{1}"), Self.source("\u{1},\"y\":[ ]"))
        let start = String(before.prefix { $0 != "\u{1}" })
        let end = String(after.reversed().prefix { $0 != "\u{1}" }.reversed())
        let new = String(decoding: text, as: UTF8.self)
        #expect(new.hasPrefix(start) && new.hasSuffix(end), "nothing else has changed")
        return String(new.dropFirst(start.count).dropLast(end.count))
    }

    @Test func numbersAndTexts() throws {
        #expect(try accepted("4e0", .number(12)) == "12")
        #expect(try accepted("4", .null) == "null")
        #expect(try accepted("null", .number(0)) == "0")
        #expect(try accepted("\"a\"", .text("b \"c\"\n{{x}} {{{")) == #""b \"c\"\n{{{{x}} {{{{{""#)
        #expect(try accepted("null", .text("TIMED_OUT")) == #""TIMED_OUT""#)
        // A config, which a file may write without quotes.
        #expect(try accepted("5", .text("6")) == "6")
        #expect(try accepted("true", .text("false")) == "false")
        #expect(try accepted("5", .text("delete")) == #""delete""#)
        #expect(try accepted("\"5\"", .text("6")) == #""6""#)
    }

    @Test func values() throws {
        func value(_ literal: String, _ text: String?, isJSON: Bool) throws -> String {
            try accepted(
                literal, .record(text.map { Array($0.utf8) }, isJSON: isJSON), expected: .json("1"), field: "values")
        }
        #expect(try value("\"a\"", "5", isJSON: false) == "\"5\"")
        #expect(try value("4", "5.10", isJSON: true) == "5.10")
        #expect(try value("4", "{ \"b\": 1 , \"a\" : [ 2.0 ] }", isJSON: true) == #"{"b":1,"a":[2.0]}"#)
        #expect(try value("4", "five", isJSON: true) == "\"five\"")
        #expect(try value("4", "\"5\"", isJSON: true) == #""\"5\"""#)
        #expect(try value("4", nil, isJSON: true) == "null")
        #expect(try value("{ \"a\": 1 }", "[]", isJSON: true) == "[]")
        #expect(try value("{ \"hex\": \"00\" }", "a", isJSON: false) == "\"a\"")
        #expect(
            try accepted("\"a\"", .record([0, 255], isJSON: false), expected: .text("a"), field: "values")
                == "{ \"hex\": \"00ff\" }")
        let looks = "(the value looks like a matcher or a template: write it with \"equals\")"
        #expect(try value("4", "{\"min\":1}", isJSON: true) == looks)
        #expect(try value("4", "{\"hex\":\"00\"}", isJSON: true) == looks)
        #expect(try value("4", "[\"{{x}}\"]", isJSON: true) == looks)
    }

    @Test func lists() throws {
        func list(_ literal: String, _ texts: [String?]) throws -> String {
            try accepted(
                literal, .list(texts.map { .record($0.map { Array($0.utf8) }, isJSON: false) }), expected: .list([]),
                field: "values")
        }
        #expect(try list("[ \"a\" ,\"\\u0062\"]", ["x", "b", nil, "3"]) == #"["x", "\u0062", null, "3"]"#)
        #expect(try list("[1, 2]", ["1", "3", "x"]) == "[1, 3, \"x\"]")
        #expect(try list("[1, \"2\"]", ["1", "3", "4"]) == "[1, \"3\", 4]")
        #expect(try list("[\"a\"]", []) == "[]")
        #expect(try list("[]", ["1"]) == "[\"1\"]")
        #expect(try list("[\"a\", { \"min\": 1 }]", ["b"]) == "(one of its elements is a matcher)")
        #expect(try list("[\"a\", \"{{n}}\"]", ["b"]) == "(a variable or a template says what is expected)")
        #expect(
            try accepted(
                "[\"orders/0\"]", .list([.text("orders/1"), .text("orders/2")]), expected: .list([.text("orders/0")]),
                field: "partitions") == #"["orders/1", "orders/2"]"#)
        // Of the one partition of a key.
        #expect(
            try accepted("1", .list([.number(0), .number(1)]), field: "partition") == "(there were several: 2)")
    }

    @Test func whatIsLeft() throws {
        let matcher = "(a matcher says what is expected)"
        #expect(try accepted("{ \"min\": 1 }", .number(0), expected: .range(min: .number(1), max: nil)) == matcher)
        #expect(try accepted("{ \"equals\": 1 }", .number(0)) == matcher)
        #expect(try accepted("{ \"oneOf\": [1] }", .number(0), expected: .oneOf([.number(1)])) == matcher)
        #expect(try accepted("{ \"matches\": \"a\" }", .text("b"), expected: .matches("a")) == matcher)
        #expect(try accepted("\"{{n}}\"", .number(0)) == "(a variable or a template says what is expected)")
        #expect(try accepted("\"a {{n}}\"", .text("b")) == "(a variable or a template says what is expected)")
        #expect(try accepted("\"a {{{{n}}\"", .text("b")) == "\"b\"")
        let measured = "(it is another in each run: expect a range, such as { \"max\": … })"
        #expect(try accepted("\"1s\"", .duration(.seconds(2)), field: "duration") == measured)
        #expect(try accepted("\"1s\"", .duration(.seconds(2)), field: "latency.p50") == measured)
        #expect(try accepted("5", .number(6), field: "rate") == measured)
        #expect(
            try accepted("{ }", .null, field: nil) == "(it is not there at all: correct its name, or take it out)")
    }

    /// A literal within `variables`, or in another file, may be meant for more than this place.
    @Test func variablesAreLeft() throws {
        let source = Self.source("\"x\": \"{{n}}\"")
        let root = try JSONDocument.parse(Array(source.utf8), file: "a.json").root
        var elsewhere = try Self.member("x", of: source).place
        elsewhere.file = "variables.json"
        let places = [try #require(root["variables"]?["n"]).place, elsewhere]
        for place in places {
            let acceptance = Acceptance(
                of: Self.outcome([Self.step([Self.failure(at: place, .number(3))])]), Array(source.utf8)
            ) { _ in nil }
            #expect(acceptance.text == nil)
            #expect(acceptance.left.map(\.reason) == ["a variable says what is expected"])
        }
    }

    @Test func severalAtOnceInTheOrderOfTheFile() throws {
        let source = Self.source("\"a\": 1, \"b\": { \"min\": 1 }, \"c\": 3")
        func failure(_ name: String, _ value: Int64, _ expected: Value = .number(1)) throws -> Diagnostic {
            Self.failure(at: try Self.member(name, of: source).place, .number(value), expected: expected)
        }
        let warning = Diagnostic(.warning, "something else")
        let steps = [
            Self.step([try failure("c", 33333), warning]),
            Self.step([try failure("b", 0, .range(min: .number(1), max: nil)), try failure("a", 11)], 2),
        ]
        let acceptance = Acceptance(of: Self.outcome(steps), Array(source.utf8)) { _ in nil }
        #expect(
            acceptance.text.map { String(decoding: $0, as: UTF8.self) }
                == Self.source("\"a\": 11, \"b\": { \"min\": 1 }, \"c\": 33333"))
        #expect(acceptance.accepted == 2)
        #expect(acceptance.left.map(\.title) == ["it is not as expected"])
    }

    /// What the checker would refuse is not written; the rest is.
    @Test func whatWouldBeNoScenario() throws {
        let source = Self.source("\"a\": 1, \"b\": 2")
        let step = Self.step([
            Self.failure(at: try Self.member("a", of: source).place, .number(7)),
            Self.failure(at: try Self.member("b", of: source).place, .number(8)),
        ])
        func accept(_ refused: [String]) -> Acceptance {
            Acceptance(of: Self.outcome([step]), Array(source.utf8)) { text in
                let text = String(decoding: text, as: UTF8.self)
                return refused.contains { text.contains($0) } ? Diagnostics(Diagnostic(.invalid, "no 7")) : nil
            }
        }
        let one = accept(["\"a\": 7"])
        #expect(one.text.map { String(decoding: $0, as: UTF8.self) } == Self.source("\"a\": 1, \"b\": 8"))
        #expect(one.left.map(\.reason) == ["krun check would refuse it: no 7"])
        // Each would do, but not both.
        let both = accept(["\"a\": 7, \"b\": 8"])
        #expect(both.text == nil && both.accepted == 0)
        #expect(both.left.map(\.reason) == Array(repeating: "krun check would refuse it: no 7", count: 2))
    }

    @Test func roundsMustAgree() throws {
        let source = Self.source("\"x\": 1")
        let place = try Self.member("x", of: source).place
        func accept(_ seen: [Int64?]) -> Acceptance {
            var step = Self.step([])
            step.result = .repeat(seen.map { [Self.step($0.map { [Self.failure(at: place, .number($0))] } ?? [])] })
            return Acceptance(of: Self.outcome([step]), Array(source.utf8)) { _ in nil }
        }
        #expect(accept([3, 3]).text.map { String(decoding: $0, as: UTF8.self) } == Self.source("\"x\": 3"))
        #expect(accept([3, 4]).left.map(\.reason) == ["the rounds of its repeat step differ"])
        #expect(accept([3, nil]).left.map(\.reason) == ["in other rounds of its repeat step it held"])
        #expect(accept([nil, 3]).left.map(\.reason) == ["in other rounds of its repeat step it held"])
        // Branches of `together` are other steps.
        var together = Self.step([])
        together.result = .together([[Self.step([Self.failure(at: place, .number(2))])], [Self.step([])]])
        let acceptance = Acceptance(of: Self.outcome([together]), Array(source.utf8)) { _ in nil }
        #expect(acceptance.accepted == 1)
    }

    @Test func nothingIsAcceptedBesideAnotherTrouble() throws {
        let source = Self.source("\"x\": 1")
        let failure = Self.failure(at: try Self.member("x", of: source).place, .number(3))
        func refusal(_ outcome: ScenarioOutcome) -> String? {
            let acceptance = Acceptance(of: outcome, Array(source.utf8)) { _ in nil }
            #expect(acceptance.text == nil && acceptance.accepted == 0 && acceptance.left.isEmpty)
            return acceptance.refusal
        }
        let broken = Diagnostic(.failure, "no-duplicates is broken")
        #expect(refusal(Self.outcome([Self.step([failure, broken])])) == "no-duplicates is broken")
        let trouble = Diagnostic(.runtime, "no broker answers")
        #expect(refusal(Self.outcome([Self.step([failure, trouble])], .error)) == "no broker answers")
        var outside = Self.outcome([Self.step([failure])])
        outside.diagnostics = [Diagnostic(.failure, "the time ran out")]
        #expect(refusal(outside) == "the time ran out")
        #expect(refusal(Self.outcome([Self.step([failure])], .interrupted)) == "the run was ended before it was over")
        #expect(refusal(Self.outcome([], .error)) == "it was not run")
        #expect(refusal(Self.outcome([Self.step([])], .passed)) == nil)
        #expect(refusal(Self.outcome([], .skipped)) == nil)
    }
}

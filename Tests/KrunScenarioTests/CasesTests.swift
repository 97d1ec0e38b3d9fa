import KrunDiagnostics
import KrunOutcome
import Testing

@testable import KrunScenario

/// `cases`: a file that is several scenarios.
@Suite("Cases", .timeLimit(.minutes(1))) struct CasesTests {
    private func text(_ cases: String, steps: String? = nil) -> String {
        """
        { "name": "Orders", "variables": { "partitions": 3, "label": "of {{partitions}}", "on": true },
          "cases": \(cases),
          "topics": [{ "name": "orders", "partitions": "{{partitions}}" }],
          "steps": [\(steps ?? #"{ "produce": "orders", "messages": [{ "value": "{{label}}" }] }"#)] }
        """
    }

    private func decode(
        _ cases: String, files: [String: String] = [:], overrides: ScenarioOverrides = .none, steps: String? = nil
    ) throws(Diagnostics) -> [Scenario] {
        try Scenario.decodeAll(
            Array(text(cases, steps: steps).utf8), file: "test.json", overrides: overrides,
            files: FolderFiles(contents: files.mapValues { Array($0.utf8) }))
    }

    /// Place, title, label and notes, a line each.
    private func problems(_ cases: String, files: [String: String] = [:], steps: String? = nil) -> [String] {
        do throws(Diagnostics) {
            _ = try decode(cases, files: files, steps: steps)
            return []
        } catch {
            return error.all.map { diagnostic in
                let place = diagnostic.place.map { "\($0.file):\($0.line):\($0.column) " } ?? ""
                return ["\(place)\(diagnostic.title): \(diagnostic.label)"].appending(diagnostic.notes)
            }
        }
    }

    private func values(_ scenario: Scenario) -> String {
        scenario.caseValues.map { "\($0.name)=\($0.json)" }.joined(separator: " ")
    }

    private func sent(_ scenario: Scenario) -> String? {
        guard case .produce(let produce)? = scenario.steps.first?.action else { return nil }
        return produce.messages.first.flatMap { bytes($0.value) }
    }

    @Test("each is a scenario of its own, with its members in its name")
    func list() throws {
        let scenarios = try decode(#"[{ "partitions": 1 }, { "partitions": 6, "label": "six" }, {}]"#)
        #expect(
            scenarios.map(\.name) == [
                "Orders [partitions=1]", "Orders [partitions=6, label=six]", "Orders [case 3]",
            ])
        #expect(scenarios.map { $0.topics[0].partitions } == [1, 6, 3])
        #expect(scenarios.map(sent) == ["of 1", "six", "of 3"])
        #expect(scenarios.map(values) == ["partitions=1", #"partitions=6 label="six""#, ""])
    }

    @Test("a file without cases is one scenario, which no case has made")
    func none() throws {
        let text = scenario(steps: #"{ "consume": "orders" }"#)
        let scenarios = try Scenario.decodeAll(Array(text.utf8), file: "test.json")
        #expect(scenarios.map(\.name) == ["test"])
        #expect(scenarios[0].caseValues.isEmpty)
    }

    @Test("names that would be alike have a number, and long values are cut")
    func names() throws {
        let long = String(repeating: "x", count: 40)
        let scenarios = try decode(
            #"[{ "label": "\#(long)a" }, { "label": "\#(long)b" }, { "label": "a\nb", "on": [1, { "a": 2 }] }, { "label": "" }]"#
        )
        #expect(
            scenarios.map(\.name) == [
                "Orders [label=\(String(repeating: "x", count: 30))…]",
                "Orders [label=\(String(repeating: "x", count: 30))…] (2)", #"Orders [label=a b, on=[1,{"a":2}]]"#,
                #"Orders [label=""]"#,
            ])
        let many = (0..<30).map { "\"n\($0)\": \($0)" }.joined(separator: ", ")
        let name = try #require(try decode("[{ \(many) }]").first?.name)
        #expect(name.hasSuffix(", …]") && name.count < 150)
    }

    @Test("an object a line")
    func lines() throws {
        let scenarios = try decode(
            #"{ "file": "cases.jsonl" }"#,
            files: ["cases.jsonl": "{\"partitions\": 2, \"label\": \"{{x}}\"}\r\n\n{\"partitions\": 4}"])
        #expect(scenarios.map(values) == [#"partitions=2 label="{{x}}""#, "partitions=4"])
        // It is data.
        #expect(sent(scenarios[0]) == "{{x}}")
    }

    @Test(
        "comma-separated values, typed as those of --variable",
        arguments: [
            ("partitions,label\n2,two\n4,four\n", [#"partitions=2 label="two""#, #"partitions=4 label="four""#]),
            ("\u{FEFF}partitions\r\n2\r\n", ["partitions=2"]),
            (
                "label,on\n\"a, \"\"b\"\"\r\nc\",false\n\n,null",
                [#"label="a, \"b\"\r\nc" on=false"#, #"label="" on=null"#]
            ),
            ("label\n\"6\"\n007\n-1.5e3\n é \n", ["label=6", #"label="007""#, "label=-1.5e3", #"label=" é ""#]),
        ])
    func table(csv: String, expected: [String]) throws {
        #expect(try decode(#"{ "file": "Cases.CSV" }"#, files: ["Cases.CSV": csv]).map(values) == expected)
    }

    @Test(
        "what is wrong with a table is told in its place",
        arguments: [
            ("a,b\n1,\"x\n", "cases.csv:2:3 a quotation mark is not closed: the field that begins here has no end"),
            (
                "a\n\"x\"y\n",
                "cases.csv:2:4 there is text after a quotation mark: expected a comma or the end of the line"
            ),
            (
                "a\nx\"y\n",
                "cases.csv:2:2 there is a quotation mark in a field that has none around it: put the field in quotation marks, and write this one twice"
            ),
            (
                "a,b\n\n1\n",
                "cases.csv:3:1 a row has not as many fields as the first one: it has 1, and there are 2 names"
            ),
            (
                "a,1b\n1,2\n",
                #"cases.csv:1:3 "1b" is no name for a variable: expected letters, digits and _, not beginning with a digit"#
            ),
            ("a,index\n1,2\n", #"cases.csv:1:3 "index" is no name for a variable: the language uses it itself"#),
            ("a,b,a\n1,2,3\n", #"cases.csv:1:5 the column "a" stands twice: the second one"#),
            ("a\n", "test.json:2:22 the file has no cases: the scenario would never run"),
            ("", "test.json:2:22 the file has no cases: the scenario would never run"),
        ])
    func tableFaults(csv: String, expected: String) {
        #expect(
            problems(#"{ "file": "cases.csv" }"#, files: ["cases.csv": csv]).first?.split(separator: "\n").first.map(
                String.init) == expected)
    }

    @Test(
        "what is wrong with cases is said",
        arguments: [
            ("[]", "test.json:2:12 \"cases\" is empty: the scenario would never run"),
            ("5", "test.json:2:12 wrong type for \"cases\": expected a list of objects or a file, found the number 5"),
            (
                "[5]",
                "test.json:2:13 a case is an object: found the number 5\nsuch as { \"partitions\": 6 }: variables of the scenario"
            ),
            (
                #"[{ "1": 5 }]"#,
                #"test.json:2:15 "1" is no name for a variable: expected letters, digits and _, not beginning with a digit"#
            ),
            ("{}", "test.json:2:12 a file of cases has no \"file\": \"file\" is missing"),
            (#"{ "file": "gone.csv" }"#, "test.json:2:22 cannot read the file \"gone.csv\": there is no such file"),
            (
                #"{ "file": "cases.txt" }"#,
                "test.json:2:22 a file of cases is neither .jsonl nor .csv: its name does not say what is in it\na .jsonl has an object a line, a .csv the names of variables in its first line"
            ),
        ])
    func faults(cases: String, expected: String) {
        #expect(problems(cases, files: ["cases.txt": ""]) == [expected])
    }

    @Test("what is wrong in every case is told once, and what is wrong in some with the first of them")
    func shared() {
        let cases = #"[{ "partitions": 1 }, { "partitions": "six" }, { "partitions": 0 }, { "partitions": 2 }]"#
        #expect(
            problems(cases, steps: #"{ "produce": "orders", "mesages": [], "messages": [{ "partition": 1 }] }"#) == [
                """
                test.json:3:48 wrong type for "partitions": expected a whole number, found a string "six"
                {{partitions}} is a string "six", from test.json:2:50
                in the case [partitions=six], at test.json:2:34
                """,
                """
                test.json:3:48 "partitions" is out of range: expected 1 or more, found 0
                in the case [partitions=0], at test.json:2:59
                """,
                #"test.json:4:36 unknown field "mesages": did you mean "messages"?"#,
                """
                test.json:4:79 partition 1 of "orders" does not exist: the topic has only partition 0
                in the case [partitions=1], at test.json:2:13
                """,
            ])
    }

    @Test("how many have it is said")
    func several() {
        #expect(
            problems(#"[{ "partitions": 0 }, { "partitions": 0 }, { "partitions": 0 }, { "partitions": 1 }]"#) == [
                """
                test.json:3:48 "partitions" is out of range: expected 1 or more, found 0
                in the case [partitions=0], at test.json:2:13, and in 2 others
                """
            ])
    }

    @Test("nothing replaces what a case says")
    func overrides() throws {
        var overrides = ScenarioOverrides(
            environment: [.init(name: "partitions", text: "7"), .init(name: "label", text: "seven")])
        let scenarios = try decode(#"[{ "partitions": 1 }, { "partitions": 2 }]"#, overrides: overrides)
        #expect(scenarios.map { $0.topics[0].partitions } == [1, 2])
        #expect(scenarios.map(sent) == ["seven", "seven"])
        overrides.commandLine = [.init(name: "partitions", text: "7")]
        let error = #expect(throws: Diagnostics.self) {
            try decode(#"[{ "partitions": 1 }, { "partitions": 2 }]"#, overrides: overrides)
        }
        #expect(
            error?.all.map(\.title) == ["--variable names \"partitions\", which each case of test.json says itself"])
        #expect(error?.all.first?.kind == .usage)
    }

    @Test("who wants one scenario is told that there are several")
    func one() throws {
        let error = #expect(throws: Diagnostics.self) {
            try Scenario.decode(Array(text(#"[{ "partitions": 1 }, { "partitions": 2 }]"#).utf8), file: "test.json")
        }
        #expect(error?.all.map(\.title) == ["the file is 2 scenarios, one for each of its cases"])
        let scenario = try Scenario.decode(Array(text(#"[{ "partitions": 1 }]"#).utf8), file: "test.json")
        #expect(scenario.name == "Orders [partitions=1]")
    }

    @Test("a case is the same when its late values are known")
    func late() throws {
        let scenarios = try decode(
            #"[{ "partitions": 1 }, { "partitions": 2 }]"#,
            steps:
                #"{ "produce": "orders", "messages": [{ "key": "{{uuid}}", "value": "{{label}}" }], "rate": "{{random 1 9}}" }"#
        )
        #expect(scenarios.map(\.isLate) == [true, true])
        let known = try scenarios[1].decoded(with: LateValues(run: .init(seed: 1, startedAt: 0)))
        #expect(known.name == "Orders [partitions=2]")
        #expect(sent(known) == "of 2")
    }

    @Test("there are not more than a thousand")
    func limit() {
        let cases = (0...1_000).map { "{ \"partitions\": \($0 + 1) }" }
        #expect(
            problems("[\(cases.joined(separator: ", "))]") == [
                "test.json:2:12 there are more than 1000 cases: no more are read\nsplit them into several files"
            ])
        #expect(
            problems(#"{ "file": "c.jsonl" }"#, files: ["c.jsonl": cases.joined(separator: "\n")]) == [
                "test.json:2:12 there are more than 1000 cases: no more are read\nsplit them into several files"
            ])
    }

    @Test("large files have fewer cases")
    func size() {
        let value = String(repeating: "x", count: 1 << 20)
        let cases = "[\((0..<100).map { "{ \"partitions\": \($0 + 1) }" }.joined(separator: ", "))]"
        let found = problems(cases, steps: #"{ "produce": "orders", "messages": [{ "value": "\#(value)" }] }"#)
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("test.json:2:12 the scenarios of this file are too large all together") == true)
    }
}

extension [String] {
    fileprivate func appending(_ lines: [String]) -> String { (self + lines).joined(separator: "\n") }
}

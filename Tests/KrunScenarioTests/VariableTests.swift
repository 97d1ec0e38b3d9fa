import KrunDiagnostics
import KrunJSON
import KrunScenario
import Testing

/// Where the value of a variable comes from.
@Suite("Variables") struct VariableTests {
    private func city(_ overrides: ScenarioOverrides) throws -> String? {
        let text = scenario(
            steps: "{ \"produce\": \"orders\", \"messages\": [{ \"value\": { \"v\": \"{{city}}\" } }] }")
        guard case .produce(let step) = try decode(text, overrides: overrides).steps[0].action else { return nil }
        return bytes(step.messages[0].value)
    }

    @Test("the command line wins over the variables file, that over the environment, that over the scenario")
    func precedence() throws {
        var overrides = ScenarioOverrides.none
        #expect(try city(overrides) == #"{"v":"Paris"}"#)
        overrides.environment = [.init(name: "city", text: "Rome"), .init(name: "unknown", text: "x")]
        #expect(try city(overrides) == #"{"v":"Rome"}"#)
        try overrides.readVariablesFile(Array(#"{ "city": { "is": "Oslo" }, "unknown": 1 }"#.utf8), file: "vars.json")
        #expect(try city(overrides) == #"{"v":{"is":"Oslo"}}"#)
        overrides.commandLine = [.init(name: "city", text: "Bern"), .init(name: "city", text: "Kyiv")]
        #expect(try city(overrides) == #"{"v":"Kyiv"}"#)
    }

    @Test(
        "a text is a number, true, false or null where it reads as JSON's, and a string otherwise",
        arguments: [
            ("5", "5"), ("-3.10", "-3.10"), ("1e5", "1e5"), ("true", "true"), ("null", "null"), ("05", "\"05\""),
            ("+5", "\"+5\""), (" 5", "\" 5\""), ("\"5\"", #""\"5\"""#), ("[1]", "\"[1]\""), ("", "\"\""),
            ("TRUE", "\"TRUE\""),
        ])
    func typing(text: String, json: String) throws {
        #expect(try city(ScenarioOverrides(commandLine: [.init(name: "city", text: text)])) == "{\"v\":\(json)}")
    }

    @Test("a name on the command line that the file does not have is an error of the command line")
    func unknown() {
        let text = scenario(steps: "{ \"consume\": \"orders\" }")
        func told(_ name: String) -> String {
            problems(text, overrides: ScenarioOverrides(commandLine: [.init(name: name, text: "x")]))
        }
        #expect(
            told("citty") == """
                usage: --variable names "citty", which is no variable of test.json
                  = did you mean "city"?
                """)
        #expect(
            told("country") == """
                usage: --variable names "country", which is no variable of test.json
                  = its variables: box, city, n, none, on, ratio
                """)
    }

    @Test("a value of the wrong type says where it is from")
    func source() {
        let text = scenario(steps: "{ \"produce\": \"orders\", \"count\": \"{{n}}\" }")
        #expect(
            problems(text, overrides: ScenarioOverrides(commandLine: [.init(name: "n", text: "many")])) == """
                6:33-39 wrong type for "count"
                  ^ expected a whole number, found a string "many"
                  = {{n}} is a string "many", from --variable n
                """)
    }

    @Test("a variables file is an object")
    func file() {
        var overrides = ScenarioOverrides.none
        #expect(throws: Diagnostics.self) { try overrides.readVariablesFile(Array("[1]".utf8), file: "vars.json") }
    }

    @Test("a seed given by the caller wins")
    func seed() throws {
        let text =
            "{ \"name\": \"a\", \"seed\": 1, \"topics\": [{ \"name\": \"t\" }], \"steps\": [{ \"consume\": \"t\" }] }"
        #expect(try decode(text).seed == 1)
        #expect(try decode(text, overrides: ScenarioOverrides(seed: .max)).seed == .max)
    }
}

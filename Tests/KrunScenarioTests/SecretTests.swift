import KrunDiagnostics
import KrunJSON
import KrunScenario
import Testing

/// Where the value of a secret comes from, and what is wrong with one.
@Suite("Secrets of a scenario") struct SecretTests {
    private static let text = """
        { "name": "test", "secrets": ["token"], "topics": [{ "name": "orders" }],
        "steps": [{ "produce": "orders", "messages": [{ "value": { "v": "{{token}}" } }] }] }
        """

    private func value(_ secrets: SecretValues) throws -> String? {
        let scenario = try decode(Self.text, overrides: ScenarioOverrides(secrets: secrets))
        guard case .produce(let step) = scenario.steps[0].action else { return nil }
        return bytes(step.messages[0].value)
    }

    @Test("the command line wins over the secrets file, that over the environment; all are texts")
    func precedence() throws {
        var secrets = SecretValues()
        secrets.environment = [.init(name: "token", text: "12345"), .init(name: "other", text: "x")]
        #expect(try value(secrets) == #"{"v":"12345"}"#)
        try secrets.readFile(Array(#"{ "token": "true", "other": "" }"#.utf8), file: "s.json")
        #expect(try value(secrets) == #"{"v":"true"}"#)
        secrets.commandLine = [.init(name: "token", text: "first"), .init(name: "token", text: "a\"b\\")]
        #expect(try value(secrets) == #"{"v":"a\"b\\"}"#)
    }

    @Test("without a value a file is read, what it stands for is not known yet, and it is told that it cannot run")
    func missing() throws {
        #expect(try value(SecretValues()) == nil)
        let scenario = try decode(Self.text)
        #expect(scenario.secretNames == ["token"])
        #expect(scenario.variableNames == [])
        #expect(scenario.missingSecrets.map(\.title) == ["the secret \"token\" has no value"])
        #expect(scenario.missingSecrets.first?.place?.column == 31)
    }

    @Test(
        "a value that could not be hidden is refused, and not shown",
        arguments: [
            ("", "it is empty"),
            ("abc", "it has fewer than 4 bytes: to hide it everywhere would spoil all that is shown"),
            (String(repeating: "x", count: 65_537), "it has more than 65536 bytes"),
        ])
    func refused(text: String, reason: String) {
        let secrets = SecretValues(environment: [.init(name: "token", text: text)])
        #expect(
            problems(Self.text, overrides: ScenarioOverrides(secrets: secrets)) == """
                invalid: the value of KRUN_SECRET_token cannot be used
                  = for the secret "token": \(reason)
                """)
    }

    @Test("a name on the command line that the file does not have is an error of the command line")
    func unknown() {
        let secrets = SecretValues(commandLine: [.init(name: "tokn", text: "hunter2")])
        #expect(
            problems(Self.text, overrides: ScenarioOverrides(secrets: secrets)) == """
                usage: --secret names "tokn", which is no secret of test.json
                  = did you mean "token"?
                """)
    }

    @Test("a variable cannot take the place of a secret")
    func variable() {
        let overrides = ScenarioOverrides(commandLine: [.init(name: "token", text: "hunter2")])
        #expect(
            problems(Self.text, overrides: overrides) == """
                usage: --variable names "token", which is no variable of test.json
                  = test.json has no variables
                """)
    }

    @Test("what is wrong with a file of secrets is told without what stands there")
    func file() {
        for (text, reason) in [
            ("{ \"token\": hunter2 }", "it is not JSON in line 1, column 12"),
            ("[\"hunter2\"]", "it is a list, not an object"),
            (
                "{ \"a\": \"b\",\n\"hunter2\": { \"x\": 1 } }",
                "the value of its member 2, in line 2, is an object, not a text"
            ),
        ] {
            var secrets = SecretValues()
            let error = #expect(throws: Diagnostics.self) { try secrets.readFile(Array(text.utf8), file: "s.json") }
            #expect(error?.all.map(\.title) == ["s.json is no file of secrets that can be used"])
            #expect(error?.all.first?.notes.first == reason)
            #expect(error?.all.first?.place == nil)
        }
    }
}

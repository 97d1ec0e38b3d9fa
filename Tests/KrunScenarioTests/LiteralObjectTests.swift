import KrunDiagnostics
import KrunJSON
import KrunPatterns
import KrunScenario
import Testing

/// In `values` an object is a record's own JSON, unless it is a matcher or was meant to be one.
@Suite struct LiteralObjectTests {
    private func values(_ text: String) throws(Diagnostics) -> [Matcher.Rule] {
        let file = """
            { "name": "n", "topics": [{ "name": "t", "existing": true }], "steps": [
              { "consume": "t", "expect": { "keys": { "k": { "values": [\(text)] } } } } ] }
            """
        let scenario = try Scenario.decode(Array(file.utf8), file: "t.json")
        guard case .consume(let step) = scenario.steps[0].action else { return [] }
        return step.expect.topics[0].keys[0].values?.values.map(\.rule) ?? []
    }

    @Test func anObjectWithoutAMatchersFieldIsALiteral() throws {
        guard case .equals(.json(let node))? = try values(#"{ "id": 7, "tax": 3.10 }"#).first else {
            Issue.record("no literal")
            return
        }
        #expect(String(decoding: node.compactText, as: UTF8.self) == #"{"id":7,"tax":3.10}"#)
    }

    @Test func anObjectWithAMatchersFieldIsAMatcher() throws {
        guard case .matches(let pattern)? = try values(#"{ "matches": "^a" }"#).first, pattern.text == "^a" else {
            Issue.record("no matcher")
            return
        }
    }

    @Test func aMisspeltMatcherIsNoLiteral() {
        #expect {
            try values(#"{ "mathces": "^a" }"#)
        } throws: { error in
            (error as? Diagnostics)?.all.map { "\($0.title): \($0.label)" } == [
                #"unknown field "mathces": did you mean "matches"?"#
            ]
        }
    }

    @Test(arguments: [#"{ "hex": "ff00A1" }"#, #"{ "base64": "/wCh" }"#, #"{ "oneOf": [{ "hex": "FF00a1" }] }"#])
    func bytesAreWrittenAsTheyAreSent(_ text: String) throws {
        let bytes: [UInt8]? =
            switch try values(text).first {
            case .equals(.bytes(let bytes, _)): bytes
            case .oneOf(let operands):
                if case .bytes(let bytes, _)? = operands.first { bytes } else { nil }
            default: nil
            }
        #expect(bytes == [0xff, 0x00, 0xa1])
    }

    /// Two fields are no form of bytes, and under `equals` nothing is.
    @Test(arguments: [#"{ "hex": "ff", "id": 7 }"#, #"{ "equals": { "hex": "ff" } }"#])
    func anObjectThatOnlyLooksLikeBytesIsALiteral(_ text: String) throws {
        guard case .equals(.json(let node))? = try values(text).first else {
            Issue.record("no literal")
            return
        }
        #expect(node.members.first?.name == "hex")
    }

    @Test func bytesThatAreNoneAreRefused() {
        #expect {
            try values(#"{ "hex": "f" }, { "base64": "/wC" }, { "hex": 7 }"#)
        } throws: { error in
            (error as? Diagnostics)?.all.count == 3
        }
    }
}

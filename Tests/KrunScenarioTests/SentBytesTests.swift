import KrunDiagnostics
import Testing

@testable import KrunScenario

/// How much a scenario sends, as far as its file tells.
@Suite("Sent Bytes") struct SentBytesTests {
    private func fault(_ messages: String, _ maximum: Int64) throws -> Diagnostic? {
        try decode(scenario(steps: "{ \"produce\": \"orders\", \(messages) }, { \"consume\": \"orders\" }"))
            .fault(ofSendingMoreThan: maximum)
    }

    @Test(
        "keys, values and headers count, up to the byte",
        arguments: [
            (#""messages": [{ "key": "abc", "value": "de", "headers": { "f": "g" } }]"#, 7),
            (#""count": 10, "value": { "bytes": 100 }"#, 1_000),
            (#""count": 1000, "key": "{{index}}", "value": "user {{index % 7}} of {{city}}""#, 16_000),
            (#""messages": [{ "value": null }, { "value": { "hex": "00ff" } }]"#, 2),
        ] as [(String, Int64)])
    func sums(messages: String, bytes: Int64) throws {
        #expect(try fault(messages, bytes) == nil)
        #expect(try fault(messages, bytes - 1)?.label == "with these messages it is \(bytes) bytes")
    }

    @Test("what is too much is told at the messages with which it is")
    func told() throws {
        let large = #""compression": "lz4", "client": { "message.max.bytes": 134217728 }"#
        let diagnostic = try #require(
            try fault(
                #"\#(large), "messages": [{ "value": "a" }, { "value": { "bytes": "100MB" }, "count": 50 }]"#, 1 << 30))
        #expect(diagnostic.title == "the scenario sends more than 1GiB")
        #expect(diagnostic.label == "with these messages it is 5000000001 bytes")
        #expect(diagnostic.notes == ["--max-bytes 10GiB allows more; send fewer or smaller messages otherwise"])
        #expect(diagnostic.place?.line == 6 && diagnostic.place?.path == "$.steps[0].messages[1].count")
        let beyond = #"\#(large), "messages": [{ "value": { "bytes": "100MB" }, "count": 1000000000000 }]"#
        #expect(try fault(beyond, .max - 1)?.label == "with these messages it is far more")
    }
}

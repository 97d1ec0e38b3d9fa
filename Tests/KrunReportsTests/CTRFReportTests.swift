import KrunJSON
import KrunOutcome
import Testing

@testable import KrunReports

@Suite struct CTRFReportTests {
    @Test func aReportWhole() {
        var error = Fixtures.error
        error.line = 2
        #expect(
            CTRFReport(version: "1.2.3").whole(Fixtures.summary([error, Fixtures.skipped])) == #"""
                {
                  "reportFormat": "CTRF",
                  "specVersion": "0.0.0",
                  "timestamp": "2024-06-01T12:00:01.500Z",
                  "generatedBy": "krun 1.2.3",
                  "results": {
                    "tool": {
                      "name": "krun",
                      "version": "1.2.3"
                    },
                    "summary": {
                      "tests": 2,
                      "passed": 0,
                      "failed": 1,
                      "skipped": 1,
                      "pending": 0,
                      "other": 0,
                      "flaky": 0,
                      "suites": 2,
                      "start": 1717243200000,
                      "stop": 1717243201500,
                      "duration": 1500
                    },
                    "tests": [
                      {
                        "name": "Messages with the same key land on the same partition",
                        "status": "failed",
                        "duration": 10040,
                        "start": 1717243200123,
                        "stop": 1717243210163,
                        "suite": [
                          "scenarios/orders.json"
                        ],
                        "message": "no broker answered within 10 s",
                        "trace": "error: no broker answered within 10 s\n  = timeouts.connect is 10 s\n  = is localhost:9092 the address of a Kafka?",
                        "line": 2,
                        "rawStatus": "error",
                        "tags": [
                          "keys"
                        ],
                        "filePath": "scenarios/orders.json",
                        "steps": [
                          {
                            "name": "1 produce orders",
                            "status": "passed",
                            "extra": {
                              "sentence": "5 messages to 2 of 3 partitions, murmur2_random",
                              "duration": 12
                            }
                          },
                          {
                            "name": "2 consume orders as baristas",
                            "status": "failed",
                            "extra": {
                              "sentence": "ended before anything was done",
                              "duration": 10000
                            }
                          }
                        ],
                        "extra": {
                          "seed": "42",
                          "broker": "localhost:9092, 1 broker"
                        }
                      },
                      {
                        "name": "Compaction keeps the last value",
                        "status": "skipped",
                        "duration": 0,
                        "suite": [
                          "scenarios/compaction.json"
                        ],
                        "message": "topic config needs a real Kafka",
                        "rawStatus": "skipped",
                        "filePath": "scenarios/compaction.json"
                      }
                    ]
                  }
                }

                """#)
    }

    /// Those that went before the one that counts, as many as there were retries.
    @Test func attempts() throws {
        let text = CTRFReport(version: "1").whole(Fixtures.summary([Fixtures.flaky, Fixtures.failedTwice]))
        let results = try #require(try JSONDocument.parse(Array(text.utf8), file: "ctrf").root["results"])
        #expect(results["summary"]?["flaky"]?.integer == 1)
        let tests = try #require(results["tests"]?.elements)
        #expect(tests.map { $0["name"]?.string } == ["Now and then (run 3)", "Never"])
        #expect(tests.map { $0["retries"]?.integer } == [2, 1])
        #expect(tests.map { $0["flaky"]?.boolean } == [true, nil])
        #expect(tests[0]["extra"]?["repetition"]?.integer == 3)
        #expect(
            tests.map { String(decoding: $0["retryAttempts"]?.compactText ?? [], as: UTF8.self) } == [
                #"[{"attempt":1,"status":"failed","duration":5,"message":"key \"alice\" is elsewhere","extra":{"rawStatus":"failed","seed":"17"}},{"attempt":2,"status":"failed","duration":6,"message":"error","extra":{"rawStatus":"error"}}]"#,
                #"[{"attempt":1,"status":"failed","duration":5,"message":"<elsewhere>\nfar","extra":{"rawStatus":"failed","seed":"17"}}]"#,
            ])
    }

    /// Each is counted as what its test says.
    @Test func theCountsAreThoseOfTheTests() throws {
        let text = CTRFReport(version: "1").whole(Fixtures.run)
        let results = try #require(try JSONDocument.parse(Array(text.utf8), file: "ctrf").root["results"])
        let words = results["tests"]?.elements.map { $0["status"]?.string ?? "" } ?? []
        #expect(words == ["passed", "failed", "failed", "skipped", "failed", "other", "passed"])
        for word in ["passed", "failed", "skipped", "pending", "other"] {
            #expect(results["summary"]?[word]?.integer == Int64(words.count { $0 == word }))
        }
    }
}

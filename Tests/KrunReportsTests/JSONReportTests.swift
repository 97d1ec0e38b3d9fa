import Foundation
import KrunJSON
import KrunOutcome
import Testing

@testable import KrunReports

/// The report for programs, whole.
@Suite struct JSONReportTests {
    /// The example in the documentation is what the code writes.
    @Test func theDocumentedExampleIsReal() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try String(contentsOf: root.appending(path: "docs/report-json.md"), encoding: .utf8)
        let parts = page.components(separatedBy: "```json\n")
        let example = parts.count == 2 ? parts[1].components(separatedBy: "```\n")[0] : "no example"
        #expect(JSONReport.text(Fixtures.example, version: "0.1.0") == example)
    }

    @Test func whatDoesNotApplyIsLeftOut() {
        let run = RunOutcome(scenarios: [Fixtures.skipped], duration: .milliseconds(1))
        #expect(
            JSONReport(version: "1.2.3").whole(run) == """
                {
                  "krun": "1.2.3",
                  "format": 1,
                  "duration": "1ms",
                  "totals": {
                    "scenarios": 1,
                    "passed": 0,
                    "failed": 0,
                    "error": 0,
                    "skipped": 1,
                    "invalid": 0,
                    "interrupted": 0
                  },
                  "scenarios": [
                    {
                      "file": "scenarios/compaction.json",
                      "name": "Compaction keeps the last value",
                      "tags": [],
                      "status": "skipped",
                      "skipReason": "topic config needs a real Kafka",
                      "duration": "0ms",
                      "topics": [],
                      "groups": [],
                      "stepCount": 0,
                      "steps": [],
                      "invariants": {},
                      "diagnostics": [],
                      "cleanup": {
                        "deletedTopics": [],
                        "deletedGroups": [],
                        "kept": [],
                        "left": []
                      }
                    }
                  ]
                }

                """)
    }

    @Test func severalTopicsAndBytesThatAreNoText() {
        #expect(
            JSONStep.object(Fixtures.severalTopics).value.text(pretty: true) == #"""
                {
                  "number": 1,
                  "title": "consume orders and payments",
                  "sentence": "4 messages from 1 partition, by assignment",
                  "status": "passed",
                  "duration": "5ms",
                  "consume": [
                    "orders",
                    "payments"
                  ],
                  "outcome": {
                    "messages": 4,
                    "topics": {
                      "orders": {
                        "partitions": {
                          "0": {
                            "messages": 4,
                            "first": 10,
                            "last": 13
                          }
                        },
                        "keys": {
                          "café \"1\"": {
                            "partitions": 2,
                            "partitionNumbers": [
                              0,
                              4
                            ],
                            "messages": 3,
                            "values": [
                              null,
                              "",
                              "\n"
                            ]
                          }
                        },
                        "binaryKeys": [
                          {
                            "key": {
                              "hex": "ff00"
                            },
                            "base64": "/wA=",
                            "partition": 0,
                            "partitions": 1,
                            "messages": 1,
                            "values": [
                              {
                                "base64": "/g=="
                              }
                            ]
                          }
                        ],
                        "distinctKeys": 20000,
                        "keysAreSampled": true
                      },
                      "payments": {
                        "partitions": {},
                        "keys": {},
                        "distinctKeys": 0,
                        "keysAreSampled": false
                      }
                    },
                    "receiveDuration": "4ms",
                    "duration": "5ms"
                  },
                  "invariants": {},
                  "diagnostics": []
                }
                """#)
    }

    /// Each scenario by itself and all together, read back with the reader of scenarios.
    @Test func everyReportIsJSON() throws {
        var several = Fixtures.passed
        several.steps = [Fixtures.severalTopics]
        several.seed = .max
        let scenarios = [
            Fixtures.passed, Fixtures.failed, Fixtures.error, Fixtures.skipped, Fixtures.invalid, Fixtures.interrupted,
            several,
        ]
        let run = RunOutcome(scenarios: scenarios, duration: .seconds(1))
        let document = try JSONDocument.parse(Array(JSONReport.text(run, version: "0.1.0").utf8), file: "report.json")
        #expect(document.root["format"]?.integer == 1)
        let read = document.root["scenarios"]?.elements ?? []
        #expect(read.map { $0["status"]?.string } == scenarios.map(\.status.rawValue))
        #expect(read.last?["seed"]?.string == "18446744073709551615")
        #expect(read[2]["steps"]?.elements[1]["outcome"] == nil)
        #expect(read[2]["cleanup"]?["left"]?.elements.first?["kind"]?.string == "topic")
        #expect(read[4]["diagnostics"]?.elements[0]["column"]?.integer == 3)
    }
}

import Foundation
import KrunBroker
import KrunJSON
import Testing

@testable import krun

/// What `--watch` shows again and again.
@Suite(.gated, .timeLimit(.minutes(5)))
struct WatchedResultTests {
    @Test(
        arguments: [
            ("", 80, 0), ("a\n", 80, 1), ("a\n\nb\n", 80, 3), ("12345\n", 5, 1), ("123456\n", 5, 2), ("日本語\n", 5, 2),
            ("12345678901\nx\n", 5, 4), ("12345678901\n", nil, 1),
        ] as [(String, Int?, Int)])
    func linesThatAreTooLongTakeSeveral(_ text: String, _ width: Int?, _ rows: Int) {
        #expect(WatchedResult.rows(of: text, width: width) == rows)
    }

    @Test func aLineOfJSONBeginsWithTheTime() {
        let found = JSONValue.object([JSONValue.Member("groups", .array([.integer(1)]))])
        #expect(
            WatchedResult.line(found, at: "2026-11-28T12:00:00.000Z")
                == #"{"time":"2026-11-28T12:00:00.000Z","groups":[1]}"#)
    }

    /// In a pipe each look is a block below its time, or a line of JSON; the exit code at Ctrl+C is that of the last one.
    @Test(arguments: ["pretty", "json"]) func inAPipeOneFollowsTheOther(_ form: String) async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        let folder = try TemporaryFolder()
        try cluster.createTopic("orders", partitions: 1)
        let environment = ["KRUN_BROKERS": cluster.bootstrapServers]
        let watch = try Terminal(
            "krun topics describe orders --watch --interval 100ms --output \(form)", in: folder.url,
            environment: environment)
        var blocks: [String] = []
        while blocks.count < 3 {
            blocks.append(try await watch.read(until: form == "json" ? "\"configs\":{}" : "  no configs of its own"))
        }
        watch.send(SIGINT)
        #expect(try await watch.end().exitCode == 0)
        let first =
            form == "json"
            ? #"{"time":"<time>","topics":[{"name":"orders","internal":false,"partitionCount":1,"replicationFactor":1,"#
                + #""messages":0,"partitions":[{"partition":0,"leader":1,"replicas":[1],"inSyncReplicas":[1],"first":0,"#
                + #""end":0,"messages":0}],"configs":{}}]}"# + "\n"
            : """
            <time>
            topic orders: 1 partition, replication factor 1, 0 messages
              partition  leader  replicas  in-sync replicas  first  end  messages
                      0       1  1         1                     0    0         0

              no configs of its own

            """
        let time = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/
        let seen = blocks.map { $0.replacing(time, with: "<time>") }
        #expect(seen == [first] + Array(repeating: (form == "json" ? "" : "\n") + first, count: 2))
    }

    /// On a terminal the second look stands where the first was, and so does what is wrong; Ctrl+C leaves the last one.
    @Test(.enabled(if: PseudoTerminal.isAvailable, "the system gives no pseudo-terminal"))
    func itIsDrawnInTheSamePlace() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        let folder = try TemporaryFolder()
        try cluster.createTopic("orders", partitions: 1)
        let environment = ["KRUN_BROKERS": cluster.bootstrapServers]
        for arguments in [
            ["groups", "reset", "billing", "--topic", "orders", "--to", "earliest", "--yes"],
            ["produce", "--topic", "orders", "alice:tea"],
        ] {
            #expect(try await CommandRun.krun(arguments, in: folder.url, environment: environment).exitCode == 0)
        }
        let run = try await PseudoTerminal.krun(
            ["groups", "describe", "billing", "--watch", "--interval", "300ms", "--max-lag", "0"], in: folder.url,
            environment: environment,
            lines: [
                PseudoTerminal.Line(prompt: "orders/0: 1\r\n", typed: ""),
                PseudoTerminal.Line(prompt: "orders/0: 1\r\n", typed: "", signal: SIGINT),
            ])
        #expect(run.exitCode == 4)
        #expect(run.text.components(separatedBy: "; Ctrl+C ends it\n").count > 2)
        let address = cluster.bootstrapServers
        #expect(
            run.settled.replacing(/^20.*Z,/, with: "<time>,") == """
                <time>, every 300ms; Ctrl+C ends it
                group billing: Empty, 0 members, coordinator 1 at \(address)
                  topic   partition  committed  end  lag
                  orders          0          0    1    1
                  total lag 1
                error: group billing is 1 behind, and may be 0 (--max-lag)
                  = orders/0: 1

                """)
    }
}

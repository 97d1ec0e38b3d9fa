import Foundation
import KrunBroker
import Testing

/// What destroys something asks first, where there is somebody to ask.
@Suite(
    .gated, .timeLimit(.minutes(10)), .enabled(if: PseudoTerminal.isAvailable, "the system gives no pseudo-terminal"))
struct ConfirmationTests {
    /// A cluster with a topic `orders`, in which the group `billing` committed 0.
    private final class Place: Sendable {
        let cluster: EmbeddedCluster
        let folder: TemporaryFolder

        init() throws {
            cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
            folder = try TemporaryFolder()
            try cluster.createTopic("orders", partitions: 2)
        }

        static func make() async throws -> Place {
            let place = try Place()
            let reset = try await place.krun(
                "groups", "reset", "billing", "--topic", "orders", "--to", "earliest", "--yes")
            #expect(reset.exitCode == 0)
            return place
        }

        var environment: [String: String] { ["KRUN_BROKERS": cluster.bootstrapServers] }

        func krun(_ arguments: String...) async throws -> CommandRun {
            try await CommandRun.krun(arguments, in: folder.url, environment: environment)
        }

        func typing(
            _ typed: String?, _ arguments: String..., after prompt: String = "type yes to delete: ",
            redirectsOutput: Bool = false
        ) async throws -> PseudoTerminal.Run {
            try await PseudoTerminal.krun(
                arguments, in: folder.url, environment: environment,
                lines: typed.map { [PseudoTerminal.Line(prompt: prompt, typed: $0)] } ?? [],
                redirectsOutput: redirectsOutput)
        }

        var topics: String {
            get async throws { try await krun("topics").output }
        }

        deinit { cluster.close() }
    }

    private static let table = """
        topic   partitions  messages  committed by
        orders           2         0  billing

        """
    private static let deleted = "no topics: `krun topics create NAME` makes one\n"

    @Test(arguments: ["yes", "YES", " yes "]) func aTypedYesDoesIt(_ yes: String) async throws {
        let place = try await Place.make()
        let run = try await place.typing("\(yes)\n", "topics", "delete", "orders")
        #expect(run.settled == Self.table + "type yes to delete: \(yes)\ndeleted topic orders\n")
        #expect(run.exitCode == 0)
        #expect(try await place.topics == Self.deleted)
    }

    @Test(arguments: ["y", "no", "", "yes please"]) func anythingElseDoesNothing(_ typed: String) async throws {
        let place = try await Place.make()
        let run = try await place.typing("\(typed)\n", "topics", "delete", "orders")
        #expect(run.settled == Self.table + "type yes to delete: \(typed)\nnothing was deleted\n")
        #expect(run.exitCode == 1)
        #expect(try await place.topics != Self.deleted)
    }

    @Test func anEndOfInputDoesNothing() async throws {
        let place = try await Place.make()
        let run = try await place.typing("\u{4}", "topics", "delete", "orders")
        #expect(run.settled == Self.table + "type yes to delete: \nnothing was deleted\n")
        #expect(run.exitCode == 1)
        #expect(try await place.topics != Self.deleted)
    }

    @Test func whatIsSaidOnTheCommandLineIsNotAskedFor() async throws {
        let place = try await Place.make()
        let run = try await place.typing(nil, "topics", "delete", "orders", "--yes")
        #expect(run.settled == "topic   partitions  messages\norders           2         0\ndeleted topic orders\n")
        #expect(run.exitCode == 0)
    }

    /// What it is about would not be seen.
    @Test func nobodyIsAskedWhereTheTableIsInAFile() async throws {
        let place = try await Place.make()
        let run = try await place.typing(nil, "topics", "delete", "orders", redirectsOutput: true)
        #expect(run.settled == "")
        #expect(run.output == Self.table + "nothing was deleted: say --yes to delete what is listed\n")
        #expect(run.exitCode == 0)
        #expect(try await place.topics != Self.deleted)
    }

    @Test func withJSONTheTableIsOnTheTerminalAndTheResultInTheFile() async throws {
        let place = try await Place.make()
        let run = try await place.typing(
            "yes\n", "topics", "delete", "orders", "--output", "json", redirectsOutput: true)
        #expect(run.settled == Self.table + "type yes to delete: yes\n")
        #expect(
            run.output == """
                {
                  "topics": [
                    {
                      "name": "orders",
                      "partitionCount": 2,
                      "messages": 0,
                      "committedBy": [
                        "billing"
                      ],
                      "deleted": true
                    }
                  ]
                }

                """)
        #expect(run.exitCode == 0)
        #expect(try await place.topics == Self.deleted)
    }

    @Test(arguments: ["yes", "no"]) func partitionsAreAdded(_ typed: String) async throws {
        let place = try await Place.make()
        let run = try await place.typing(
            "\(typed)\n", "topics", "add-partitions", "orders", "--to", "5", after: "type yes to add: ")
        let shown = """
            topic orders has 2 partitions and would have 5: Kafka cannot take partitions away again
            type yes to add: \(typed)

            """
        let isDone = typed == "yes"
        #expect(
            run.settled == shown + (isDone ? "topic orders has 5 partitions now, 2 before\n" : "nothing was added\n"))
        #expect(run.exitCode == (isDone ? 0 : 1))
        #expect(try await place.topics.contains("\norders           \(isDone ? 5 : 2)  "))
    }

    /// Samples go to the first lesson's topic only: here somebody types.
    @Test func messagesAreReadFromTheTerminal() async throws {
        let place = try await Place.make()
        let said = "reading messages from the terminal, one a line, as key:value; Ctrl+D ends"
        let run = try await place.typing("alice:tea\n\u{4}", "produce", "--topic", "orders", after: said)
        #expect(
            run.settled == said + "\nalice:tea\n"
                + "partition 1  offset 0  key alice  value tea\n1 message to orders: 1 to partition 1\n")
        #expect(run.exitCode == 0)
        let nothing = try await place.typing("\u{4}", "produce", "--topic", "fresh", after: said)
        #expect(nothing.settled == said + "\nno messages to fresh: stdin was empty\n")
        #expect(nothing.exitCode == 0)
    }

    @Test func groupsAreDeleted() async throws {
        let place = try await Place.make()
        let run = try await place.typing("yes\n", "groups", "delete", "billing")
        #expect(
            run.settled == """
                group    state  committed partitions  topics  lag
                billing  Empty                     2  orders    0
                type yes to delete: yes
                deleted group billing

                """)
        #expect(run.exitCode == 0)
    }

    @Test(arguments: ["yes", "no"]) func groupsAreReset(_ typed: String) async throws {
        let place = try await Place.make()
        let run = try await place.typing(
            "\(typed)\n", "groups", "reset", "audit", "--topic", "orders", "--to", "latest",
            after: "type yes to reset: ")
        #expect(
            run.settled == """
                group audit
                  topic   partition  committed  becomes  first  end
                  orders          0          –        0      0    0
                  orders          1          –        0      0    0
                warning: group audit does not exist: resetting it makes one
                type yes to reset: \(typed)
                \(typed == "yes" ? "reset group audit in 2 partitions" : "nothing was reset")

                """)
        #expect(run.exitCode == (typed == "yes" ? 0 : 1))
    }

    @Test(arguments: ["yes", "no"]) func whatRunsLeftIsCleaned(_ typed: String) async throws {
        let place = try await Place.make()
        try place.cluster.createTopic("orders-krun-t85ve8-4f7k2p9x")
        let run = try await place.typing("\(typed)\n", "clean")
        #expect(
            Volatile.normalised(run.settled).replacing(/\d+ days/, with: "<days>") == """
                kind   name                              age
                topic  orders-krun-<run>  <days>
                type yes to delete: \(typed)
                \(typed == "yes" ? "deleted 0 groups and 1 topic" : "nothing was deleted")

                """)
        #expect(run.exitCode == (typed == "yes" ? 0 : 1))
    }
}

import Foundation
import KrunBroker
import KrunBrokerTestSupport
import Testing

/// A member of a group that is not ours, which has been given what nobody can read: every command on that group says something, and
/// none of them dies.
@Suite(.gated, .serialized, .timeLimit(.minutes(10))) struct StrangersTests {
    private let folder: TemporaryFolder
    private let cluster: EmbeddedCluster

    init() throws {
        folder = try TemporaryFolder()
        cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        try cluster.createTopic("orders", partitions: 2)
    }

    private func stranger(_ words: RawMember.Words) async throws -> RawMember {
        let port = try #require(cluster.bootstrapServers.split(separator: ":").last.flatMap { Int($0) })
        return try await RawMember.joined("billing", port: port, words)
    }

    private func krun(_ arguments: String...) async throws -> CommandRun {
        try await CommandRun.krun(
            arguments + ["--brokers", cluster.bootstrapServers], in: folder.url)
    }

    private func normalised(_ text: String) -> String {
        text.replacing(/stranger-[0-9a-f-]{36}/, with: "<member>").replacing(/127\.0\.0\.1:\d+/, with: "<address>")
            .replacing(/\(librdkafka [\d.]+|librdkafka \([\d.]+/) { _ in "librdkafka (<version>" }
            .replacing(/(\S) {2,}/) { "\($0.output.1)  " }
    }

    @Test func anAssignmentOfOneByte() async throws {
        let stranger = try await stranger(RawMember.Words(assignment: [0]))
        let list = try await krun("groups", "list")
        #expect(list.error == "")
        #expect(
            normalised(list.output) == """
                group  state  members  assignor  coordinator
                billing  Stable  1  range  1

                """)
        let description = try await krun("groups", "describe", "billing")
        #expect(description.error == "")
        #expect(
            normalised(description.output) == """
                group billing: Stable, 1 member, assignor range, coordinator 1 at <address>
                  member  client id  host  partitions
                  <member>  stranger  /127.0.0.1  an assignment that cannot be read

                  it has committed nothing

                """)
        let json = try await krun("groups", "describe", "billing", "--output", "json")
        #expect(json.output.contains(#""partitions": []"#))
        #expect(json.output.contains(#""unreadableAssignment": true"#))
        let reset = try await krun("groups", "reset", "billing", "--topic", "orders", "--to", "earliest", "--yes")
        #expect(
            normalised(reset.error) == """
                error: group billing has 1 member: its offsets cannot be reset
                  = <member> at /127.0.0.1 has an assignment that cannot be read
                  = stop them first; one that was killed is a member until its session.timeout.ms has passed

                """)
        #expect(reset.exitCode == 3)
        let deletion = try await krun("groups", "delete", "billing", "--yes")
        #expect(
            normalised(deletion.error) == """
                error: group billing has 1 member: it cannot be deleted
                  = <member> at /127.0.0.1 has an assignment that cannot be read
                  = stop them first; one that was killed is a member until its session.timeout.ms has passed

                """)
        #expect(deletion.exitCode == 3)
        // The stranger leads the group, and gives its new member the same byte.
        let consumption = try await krun(
            "consume", "--topic", "orders", "--group", "billing", "--exit-at-end", "--timeout", "4s")
        #expect(consumption.exitCode == 3)
        #expect(consumption.error.contains("error: the end was not reached: nothing came for 4 s (--timeout)\n"))
        let record = try await krun("record", "--topic", "orders", "--group", "billing", "--output", "recorded.json")
        #expect(record.exitCode < 128, "\(record.error)")
        let run = try await scenario()
        #expect(run.exitCode == 3)
        #expect(
            run.output.contains("error: group billing did not become stable in time\n"), "\(run.output)\(run.error)")
        stranger.leave()
    }

    private func scenario() async throws -> CommandRun {
        try Data(
            """
            { "name": "test", "topics": [{ "name": "orders", "existing": true }],
              "groups": [{ "name": "billing", "existing": true }],
              "timeouts": { "join": "4s" },
              "steps": [{ "consume": "orders", "group": "billing" }] }
            """.utf8
        ).write(to: folder.url.appending(path: "scenario.json"))
        return try await krun("scenario.json")
    }

    /// Nobody can know before that the partitions are not there.
    @Test func partitionsThatAreNotThere() async throws {
        let stranger = try await stranger(
            RawMember.Words(
                assignment: RawMember.Words.assignment(of: [("orders", [-7, 1, .max] + (2..<99_999).map { $0 })])))
        let description = try await krun("groups", "describe", "billing")
        #expect(
            normalised(description.output) == """
                group billing: Stable, 1 member, assignor range, coordinator 1 at <address>
                  member  client id  host  partitions
                  <member>  stranger  /127.0.0.1  orders/1 and 99 999 that are not there

                  topic  partition  committed  end  lag  member
                  orders  1  –  0  0  <member>
                  total lag 0

                """)
        let consumption = try await krun(
            "consume", "--topic", "orders", "--group", "billing", "--exit-at-end", "--timeout", "10s")
        #expect(
            consumption.error.contains(
                "warning: the group's leader gave this member 99 999 partitions that it did not ask for or that are not there: left out\n"
            ), "\(consumption.error)")
        #expect(consumption.exitCode == 0)
        #expect(consumption.duration < .seconds(20))
        stranger.leave()
    }

    /// librdkafka would die of it once it leads the group.
    @Test func anEmptySubscription() async throws {
        let stranger = try await stranger(RawMember.Words(subscription: []))
        let notes = """
              = it is <member> at /127.0.0.1
              = a client of librdkafka (<version> here) that leads such a group dies of it, and this one may be made the leader
              = stop that member, or use another group

            """
        let consumption = try await krun("consume", "--topic", "orders", "--group", "billing", "--exit-at-end")
        #expect(
            normalised(consumption.error).hasSuffix(
                "error: group billing cannot be joined: a member has an empty subscription\n" + notes))
        #expect(consumption.exitCode == 3)
        let description = try await krun("groups", "describe", "billing")
        #expect(
            normalised(description.error)
                == "warning: group billing cannot be joined: a member has an empty subscription\n" + notes)
        #expect(description.exitCode == 0)
        let run = try await scenario()
        #expect(run.exitCode == 3)
        #expect(
            normalised(run.output + run.error).contains(
                "error: group billing cannot be joined: a member has an empty subscription"),
            "\(run.output)\(run.error)")
        stranger.leave()
    }
}

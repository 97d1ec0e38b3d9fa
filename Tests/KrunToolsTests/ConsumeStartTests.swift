import KrunBroker
import KrunConnection
import KrunKafka
import KrunScenario
import Synchronization
import Testing

@testable import KrunTools

@Suite(.timeLimit(.minutes(1)))
struct StartPointTests {
    @Test(arguments: [
        ("committed", StartPoint.committed), ("earliest", .earliest), ("latest", .latest), ("0", .offset(0)),
        ("12", .offset(12)), ("-12", .last(12)), ("2026-01-31T08:00:00Z", .time(1_769_846_400_000)),
        ("@1769846400000", .time(1_769_846_400_000)), ("@0", .time(0)),
        ("@2026-01-31T09:00:00+01:00", .time(1_769_846_400_000)),
    ])
    func formsAreRead(_ text: String, _ point: StartPoint) {
        #expect(StartPoint(text) == point)
    }

    @Test(arguments: [
        "", "first", "-0", "+1", "1.5", "--1", "2026-01-31", "1960-01-31T08:00:00Z", "12 ", "@", "@+1", "@-1", "@@1",
        "@noon",
    ])
    func otherTextsAreNone(_ text: String) {
        #expect(StartPoint(text) == nil)
    }

    @Test func offsetsStayInTheLog() {
        func offset(_ point: StartPoint, committed: Int64? = nil, atTime: Int64? = nil) -> Int64 {
            point.offset(first: 10, end: 20, committed: committed, atTime: atTime)
        }
        #expect(offset(.committed) == 10)
        #expect(offset(.committed, committed: 15) == 15)
        #expect(offset(.committed, committed: 5) == 10)
        #expect(offset(.committed, committed: 20) == 20)
        // The topic was made anew: the offset is none of this log.
        #expect(offset(.committed, committed: 21) == 10)
        #expect(offset(.earliest) == 10)
        #expect(offset(.latest) == 20)
        #expect(offset(.offset(3)) == 10)
        #expect(offset(.offset(13)) == 13)
        #expect(offset(.offset(30)) == 20)
        #expect(offset(.last(3)) == 17)
        #expect(offset(.last(30)) == 10)
        #expect(offset(.time(1), atTime: 12) == 12)
        #expect(offset(.time(1)) == 20)
    }
}

/// Where `krun consume` begins, and what it says when that is not where the group had stopped.
@Suite(.timeLimit(.minutes(1))) struct ConsumeStartTests {
    private final class Output: ConsumeOutput {
        var said: [String] = []
        var warned: [String] = []
        var records: [String] = []
        let isReaderGone = false

        func writeRecords(_ text: [UInt8]) -> Bool {
            records += String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
            return true
        }

        func say(_ line: String) { said.append(line) }
        func warn(_ line: String) { warned.append(line) }
    }

    private func consume(_ place: AdministrationPlace, _ output: Output) throws -> ConsumeSummary {
        var request = ConsumeSession.Request(topics: ["orders"], group: "billing")
        request.exitsAtEnd = true
        request.format = .pretty
        return try ConsumeSession(
            request, on: place.connection, log: ClientLog(), output: output, isOver: { false }
        ).run()
    }

    @Test func aCommittedOffsetThatIsNotThereIsTold() async throws {
        try await onThread {
            let place = try AdministrationPlace()
            try place.cluster.createTopic("orders", partitions: 2)
            try place.send(["a", "b"], to: 0)
            try place.commit("billing", [50, 0])
            let output = Output()
            let outcome = try consume(place, output)
            #expect(
                output.warned == [
                    "partition 0 has no offset 50 any more (it begins with 0 and ends at 2): was the topic made anew? going on from offset 0"
                ])
            #expect(outcome.read == 2)
            #expect(outcome.rows.map(\.committed) == [2, 0])
            #expect(outcome.rows.map(\.lag) == [0, 0])
        }
    }

    /// As the Java client does, a member commits where it stands also in a partition in which there is nothing.
    @Test func whereNothingWasReadThePositionIsCommitted() async throws {
        try await onThread {
            let place = try AdministrationPlace()
            try place.cluster.createTopic("orders", partitions: 2)
            try place.send(["a"], to: 0)
            let output = Output()
            let outcome = try consume(place, output)
            #expect(output.warned == [])
            #expect(outcome.rows.map(\.committed) == [1, 0])
            let committed = try place.connection.admin.groupOffsets("billing", timeout: .seconds(10))
            #expect(committed == [TopicPartition("orders", 0): 1, TopicPartition("orders", 1): 0])
        }
    }
}

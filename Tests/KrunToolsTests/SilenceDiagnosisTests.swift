import KrunConnection
import Testing

@testable import KrunKafka
@testable import KrunTools

/// Each of the usual reasons is told where it applies, and only there.
@Suite(.timeLimit(.minutes(1)))
struct SilenceDiagnosisTests {
    private func partitions(_ offsets: [Int64], topic: String = "orders") -> [TopicPartition: Int64] {
        Dictionary(
            offsets.enumerated().map { (TopicPartition(topic, Int32($0)), $1) }, uniquingKeysWith: { $1 })
    }

    private func look(
        group: String? = "billing", owning positions: [TopicPartition: Int64], firsts: [Int64]? = [0, 0],
        ends: [Int64]? = [0, 0]
    ) -> SilenceDiagnosis {
        SilenceDiagnosis(
            topics: ["orders"], group: group, hasAssignment: true, positions: positions,
            firsts: firsts.map { partitions($0) }, ends: ends.map { partitions($0) })
    }

    private func group(_ state: String, members: Int) -> GroupDescription {
        let member = GroupDescription.Member(
            id: "m", clientID: "krun", host: "/127.0.0.1", instanceID: nil, partitions: [])
        return GroupDescription(
            group: "billing", state: state, coordinator: nil, assignor: "range",
            members: Array(repeating: member, count: members), error: nil)
    }

    @Test func nothingProduced() {
        #expect(look(owning: partitions([0, 0])).reason == "nothing has been produced to orders yet")
    }

    @Test func everythingDeleted() {
        #expect(
            look(owning: partitions([3, 2]), firsts: [3, 2], ends: [3, 2]).reason
                == "orders is empty: what was produced has been deleted, by retention or by hand")
    }

    @Test func groupAtTheEnd() {
        #expect(
            look(owning: partitions([3, 2]), ends: [3, 2]).reason
                == "group billing has read everything that is there; to read it again: another --group, or --from earliest"
        )
    }

    @Test func behindEverythingWithoutGroup() {
        #expect(
            look(group: nil, owning: partitions([3, 2]), ends: [3, 2]).reason
                == "everything that is there lies before where reading began (--from earliest has it)")
    }

    @Test func othersOwnWhatThereIs() {
        #expect(
            look(owning: partitions([0]), ends: [0, 2]).reason
                == "partition 0 of this member is read to the end; other members own partition 1")
        #expect(
            look(owning: partitions([0, 1]), firsts: [0, 0, 0, 0], ends: [0, 1, 2, 3]).reason
                == "partitions 0, 1 of this member are read to the end; other members own partitions 2, 3")
    }

    @Test func othersOwnAll() {
        var look = look(owning: [:], ends: [3, 2])
        #expect(look.reason == "this member has no partitions: others own them")
        look.description = group("Stable", members: 3)
        #expect(look.reason == "this member has no partitions: 3 members share 2 partitions, and others own them")
    }

    @Test func recordsAreOnTheirWay() {
        #expect(look(owning: partitions([0, 0]), ends: [3, 2]).reason == nil)
    }

    @Test func aTransactionIsOpen() {
        var look = look(owning: partitions([3, 2]), ends: [3, 2])
        look.heldBack = [TopicPartition("orders", 1)]
        #expect(look.reason == "the next records of partition 1 belong to a transaction that is still open")
    }

    @Test func theTopicWasDeleted() {
        var look = look(owning: partitions([3, 2]), ends: [3, 2])
        look.missing = ["orders"]
        #expect(look.reason == "topic orders does not exist any more")
    }

    @Test func nobodyAnswers() {
        #expect(look(owning: partitions([3, 2]), firsts: nil, ends: nil).reason == "the cluster does not answer")
    }

    @Test func stillJoining() {
        var look = SilenceDiagnosis(topics: ["orders"], group: "billing", hasAssignment: false, positions: [:])
        #expect(look.reason == "the coordinator of group billing does not answer")
        look.description = group("PreparingRebalance", members: 2)
        #expect(
            look.reason
                == "group billing is rebalancing: it waits until its 2 members have joined again, or are given up after their session timeout"
        )
        look.description = group("Empty", members: 0)
        #expect(look.reason == "this member is still joining group billing")
    }

    @Test func aBrokerIsAdvertisedWhereNobodyReachesIt() {
        var look = look(owning: partitions([0, 0]), ends: [3, 2])
        look.unreachable = [
            UnreachableBroker(
                broker: .init(id: 1, host: "kafka", port: 9092), reason: "Failed to resolve 'kafka:9092'",
                bootstrap: "localhost:9092")
        ]
        #expect(
            look.reason
                == "localhost:9092 answers, but names broker 1 as kafka:9092, which cannot be reached from here (Failed to resolve 'kafka:9092'): is its advertised address (advertised.listeners) one for this machine?"
        )
    }
}

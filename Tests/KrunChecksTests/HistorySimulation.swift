import KrunOutcome
import KrunScenario

@testable import KrunChecks

/// A made-up history of a topic and a group, told to the ledgers and to the model at the same time, with the chosen
/// anomalies strewn in.
struct HistorySimulation {
    enum Anomaly: CaseIterable {
        /// A key goes to another partition than before.
        case stray
        /// A message stands before one that was sent earlier.
        case overtaking
        /// A message that was acknowledged once stands in the log twice.
        case doubleWrite
        case loss
        /// An offset is read again, after a rebalance or without one.
        case reread
        /// Two neighbouring records are read the wrong way round.
        case swap
        /// A member reads what it does not own.
        case trespass
        /// A partition is given to a second member.
        case doubleOwner
        /// A partition is left without an owner when the group is stable.
        case orphan
    }

    static let partitions: Int32 = 5
    static let members = 3

    let anomalies: Set<Anomaly>
    private(set) var model = HistoryModel()
    private var random: SeededGenerator
    private var log: [[HistoryModel.Record]] = Array(repeating: [], count: Int(partitions))
    private var ends: [Int64] = Array(repeating: 0, count: Int(partitions))
    private let scenario: ScenarioLedger
    private let topic: Int

    init(seed: UInt64, anomalies: Set<Anomaly>) {
        self.anomalies = anomalies
        random = SeededGenerator(seed: seed)
        scenario = ScenarioLedger(seed: seed)
        topic = scenario.addTopic("orders", partitions: Int(Self.partitions), createdHere: true)
    }

    /// Once in so many times, if the anomaly is among the chosen ones.
    private mutating func happens(_ anomaly: Anomaly, onceIn times: Int = 400) -> Bool {
        anomalies.contains(anomaly) && Int.random(in: 0..<times, using: &random) == 0
    }

    private mutating func write(_ key: String?, _ value: String, to partition: Int32) -> HistoryModel.Record {
        let index = Int(partition)
        // A gap now and then, as a transaction's marker leaves.
        if Int.random(in: 0..<50, using: &random) == 0 { ends[index] += 1 }
        let record = HistoryModel.Record(partition: partition, offset: ends[index], key: key, value: value)
        ends[index] += 1
        log[index].append(record)
        return record
    }

    /// Sends so many messages and returns the verdicts.
    mutating func produce(_ count: Int) -> [InvariantOutcome] {
        let ledger = scenario.beginProduce(topic: topic, partitioner: .murmur2Random, acks: .all)
        var sequence: UInt64 = 0
        while sequence < count {
            let number = Int.random(in: 0..<700, using: &random)
            let key = number < 20 ? nil : "key-\(number)"
            let value = "value-\(Int.random(in: 0..<5, using: &random))"
            let home = key.flatMap {
                Partitioner.murmur2Random.partition(forKey: Array($0.utf8), partitions: Int(Self.partitions))
            }
            // Keys below 50 name their partition, which may be any.
            let named = key != nil && number < 50
            var partition = named ? nil : home
            if partition == nil { partition = Int32.random(in: 0..<Self.partitions, using: &random) }
            if happens(.stray), key != nil, !named { partition = (partition! + 1) % Self.partitions }
            if Int.random(in: 0..<100, using: &random) == 0 {
                // Refused or out of time; half of these stand in the log all the same.
                ledger.fail(key: key, value: value)
                model.failed.append((key, value))
                if Bool.random(using: &random) { _ = write(key, value, to: partition!) }
            } else if happens(.overtaking) {
                acknowledge(key, value, partition!, sequence + 1, named, ledger)
                acknowledge(key, value, partition!, sequence, named, ledger)
                sequence += 1
            } else {
                acknowledge(key, value, partition!, sequence, named, ledger)
                if happens(.doubleWrite) { _ = write(key, value + " again", to: partition!) }
            }
            sequence += 1
        }
        return ledger.finish(duration: .zero, allow: []).1
    }

    private mutating func acknowledge(
        _ key: String?, _ value: String, _ partition: Int32, _ sequence: UInt64, _ named: Bool, _ ledger: ProduceLedger
    ) {
        let record = write(key, value, to: partition)
        ledger.acknowledge(
            Sent(partition: partition, offset: record.offset, key: key, value: value, named: named), sequence: sequence)
        model.acknowledged.append((record, sequence, named))
    }

    /// Reads the whole log as a group that is rebalanced all the time, and returns the verdicts.
    mutating func consume() -> [InvariantOutcome] {
        let ledger = scenario.beginConsume(
            group: "group", topics: [topic], members: Self.members, judgesLoss: true)
        ledger.starts(at: [Array(repeating: 0, count: Int(Self.partitions))])
        var cursors = Array(repeating: 0, count: Int(Self.partitions))
        var owners: [(member: Int, ownership: Int)?] = Array(repeating: nil, count: Int(Self.partitions))
        var ownerships = 0
        while zip(cursors, log).contains(where: { $0 < $1.count }) {
            if owners.contains(where: { $0 == nil }) || Int.random(in: 0..<40, using: &random) == 0 {
                rebalance(ledger, &owners, &ownerships, &cursors)
            }
            readOn(ledger, owners, &cursors)
        }
        var ending = ConsumeEnding()
        ending.committed = [ends.map { $0 == 0 ? nil : $0 }]
        ending.ends = [ends]
        ending.logStarts = [ends.map { _ in 0 }]
        for partition in 0..<Self.partitions {
            ledger.reached(StepPartition(topic: 0, partition: partition), offset: ends[Int(partition)])
        }
        return ledger.conclude(ending).invariants
    }

    /// Takes some or all partitions from their owners and gives them away anew.
    private mutating func rebalance(
        _ ledger: ConsumeLedger, _ owners: inout [(member: Int, ownership: Int)?], _ ownerships: inout Int,
        _ cursors: inout [Int]
    ) {
        for partition in 0..<Self.partitions {
            let index = Int(partition)
            if let owner = owners[index] {
                if Bool.random(using: &random) { continue }
                ledger.revoke(owner.member, [partition])
                owners[index] = nil
            }
            let member = Int.random(in: 0..<Self.members, using: &random)
            if happens(.doubleOwner, onceIn: 20) {
                ledger.assign((member + 1) % Self.members, [partition])
                ledger.assign(member, [partition])
                ledger.revoke((member + 1) % Self.members, [partition])
                model.overlaps += 1
            } else {
                ledger.assign(member, [partition])
            }
            ownerships += 1
            owners[index] = (member, ownerships)
            if happens(.reread, onceIn: 20) { cursors[index] -= min(cursors[index], 3) }
        }
        if happens(.orphan, onceIn: 5), let owner = owners[0] {
            ledger.revoke(owner.member, [0])
            owners[0] = nil
            model.orphans += 1
        }
        ledger.stable()
    }

    /// Reads a few records of one partition.
    private mutating func readOn(
        _ ledger: ConsumeLedger, _ owners: [(member: Int, ownership: Int)?], _ cursors: inout [Int]
    ) {
        let index = Int.random(in: 0..<Int(Self.partitions), using: &random)
        guard let owner = owners[index] else { return }
        for _ in 0..<Int.random(in: 1...20, using: &random) {
            guard cursors[index] < log[index].count else { return }
            let record = log[index][cursors[index]]
            cursors[index] += 1
            if happens(.loss) { continue }
            if happens(.trespass) {
                read(ledger, record, by: (owner.member + 1) % Self.members, nil)
            } else if happens(.swap), cursors[index] < log[index].count {
                read(ledger, log[index][cursors[index]], by: owner.member, owner.ownership)
                read(ledger, record, by: owner.member, owner.ownership)
                cursors[index] += 1
            } else {
                read(ledger, record, by: owner.member, owner.ownership)
                if happens(.reread) { read(ledger, record, by: owner.member, owner.ownership) }
            }
        }
    }

    private mutating func read(
        _ ledger: ConsumeLedger, _ record: HistoryModel.Record, by member: Int, _ ownership: Int?
    ) {
        ledger.read(by: member, record.partition, record.offset, key: record.key, value: record.value)
        model.read.append((record, ownership))
    }
}

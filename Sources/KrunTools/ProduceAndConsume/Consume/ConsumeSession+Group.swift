import KrunConnection
import KrunDiagnostics
package import KrunKafka
import KrunScenario

/// What happens when partitions come and go.
extension ConsumeSession: ConsumerDelegate {
    package func startOffsets(for partitions: [TopicPartition], consumer: Consumer) -> [Int64] {
        starts = [:]
        let own = ownPositions(in: partitions)
        let point = nextPoint(for: partitions, consumer: consumer)
        do {
            let committed = try consumer.committed(partitions, timeout: kafka.timeout, isOver: { isWaitOver })
                .compactMapValues { $0 }
            starts = try choose(partitions, from: point, committed: committed).merging(own) { $1 }
            for (partition, position) in own { tally[partition].next = position }
        } catch {
            for partition in partitions { tally[partition].forget() }
            if error.isCancelled {
                // The end is near.
            } else if point == .committed {
                output.warn("\(error.activity) failed: \(error.name): \(error.reason)")
            } else {
                fail(error)
            }
        }
        return partitions.map { starts[$0] ?? LogicalOffset.stored }
    }

    package func didAssign(_ partitions: [TopicPartition], consumer: Consumer) {
        hasAssignment = true
        kafka.waits.end()
        for partition in partitions {
            tally[partition].isOwned = true
            tally[partition].wasOwned = true
        }
        if let member = consumer.memberID, member != toldMember {
            toldMember = member
            output.say(text.member(member))
        }
        let sorted = partitions.sorted { ($0.topic, $0.partition) < ($1.topic, $1.partition) }
        output.say(
            text.assigned(
                sorted.map { TopicPartitionOffset($0.topic, $0.partition, starts[$0] ?? LogicalOffset.stored) },
                generation: consumer.generation))
        moved()
    }

    package func willRevoke(_ partitions: [TopicPartitionOffset], lost: Bool, consumer: Consumer) {
        let names = partitions.map(\.topicPartition)
        if lost {
            output.say(text.lost(names))
        } else {
            commit(consumer)
            if !isLeaving, !names.isEmpty { output.say(text.gaveUp(names)) }
        }
        for name in names { tally[name].isOwned = false }
        // While the group rebalances nobody is at any end.
        if !isLeaving { hasAssignment = false }
        moved()
    }

    package func didLeaveOut(_ count: Int, consumer: Consumer) {
        output.warn(text.leftOut(count))
    }

    /// Where this member stands in partitions that it had before and that come back: nothing else knows, where it commits nothing.
    private func ownPositions(in partitions: [TopicPartition]) -> [TopicPartition: Int64] {
        guard !request.commits else { return [:] }
        let known = partitions.filter { tally[$0].wasOwned && tally[$0].next >= 0 }
        return Dictionary(uniqueKeysWithValues: known.map { ($0, tally[$0].next) })
    }

    /// Looks at those who are in the group already: this client may be made their leader.
    ///
    /// - Throws: a `Diagnostic` where that would end the process. Who cannot look joins all the same.
    func refuseToJoin(_ group: String) throws {
        let timeout = min(kafka.timeout, .seconds(1))
        guard let member = try? kafka.admin.memberThatKillsLeaders(of: group, timeout: timeout) else { return }
        let refusal = JoinRefusal(member, of: group)
        throw Diagnostic(.runtime, refusal.title, notes: refusal.notes)
    }

    /// What `--from` says holds for the first partitions that this member is given; those that it takes over from others later go
    /// on where the group was.
    private func nextPoint(for partitions: [TopicPartition], consumer: Consumer) -> StartPoint {
        defer {
            // A newcomer to a cooperative group is given nothing at first, and its partitions once others have given them up.
            if !partitions.isEmpty || !consumer.isCooperative || assignments > 0 { hasPointed = true }
            assignments += 1
        }
        return hasPointed ? .committed : request.start
    }

    /// Where to begin in each partition, and what of it the group knows already.
    func choose(
        _ partitions: [TopicPartition], from point: StartPoint, committed: [TopicPartition: Int64]
    ) throws(KafkaError) -> [TopicPartition: Int64] {
        let firsts = try kafka.admin.beginningOffsets(partitions, timeout: kafka.timeout)
        var ends = try kafka.admin.endOffsets(partitions, timeout: kafka.timeout)
        if point == .committed, partitions.contains(where: { committed[$0] ?? 0 > ends[$0] ?? 0 }) {
            // What is committed behind an open transaction is not out of range.
            ends = try kafka.endsOfEverything(partitions, timeout: kafka.timeout)
        }
        var times: [(partition: TopicPartition, time: Int64)] = []
        if case .time(let time) = point { times = partitions.map { ($0, time) } }
        let atTime = try kafka.admin.offsets(times, timeout: kafka.timeout)
        var chosen: [TopicPartition: Int64] = [:]
        for partition in partitions {
            let offset = point.offset(
                first: firsts[partition] ?? 0, end: ends[partition] ?? 0, committed: committed[partition],
                atTime: atTime[partition])
            if point == .committed, let known = committed[partition], known != offset {
                output.warn(
                    text.outOfRange(
                        partition, offset: known, first: firsts[partition] ?? 0, end: ends[partition] ?? 0))
            }
            chosen[partition] = offset
            tally[partition].next = offset
            tally[partition].committed = committed[partition]
            tally[partition].isCommitted = committed[partition] != nil
        }
        return chosen
    }

    /// Reads partitions without a group.
    func assign(_ partitions: [TopicPartition], to consumer: Consumer) throws(KafkaError) {
        let chosen = try choose(partitions, from: request.start, committed: [:])
        let starts = partitions.map { TopicPartitionOffset($0.topic, $0.partition, chosen[$0] ?? 0) }
        for partition in partitions {
            tally[partition].isOwned = true
            tally[partition].wasOwned = true
        }
        hasAssignment = true
        kafka.waits.end()
        try consumer.assign(starts)
        output.say(text.assigned(starts, generation: -1))
    }
}

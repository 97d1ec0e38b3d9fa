import KrunDiagnostics
import KrunKafka
import KrunReports

extension OffsetReset {
    /// Finds out where the group stands and where it would go on.
    ///
    /// - Throws: a `Diagnostic` where the group has members, is not there although no topic is named, or has committed nothing;
    ///   and about topics and partitions that are not there.
    package static func plan(_ order: Order, on connection: KafkaConnection) throws -> OffsetReset {
        let group = try connection.group(named: order.group)
        if let group, group.hasMembers { throw KafkaConnection.inUse(group, refusal) }
        if group == nil, order.topics.isEmpty { throw try connection.unknownGroup(order.group) }
        let committed = try connection.attempt { _ in
            try connection.admin.groupOffsets(order.group, timeout: connection.timeout)
        }
        guard !order.topics.isEmpty || !committed.isEmpty else {
            throw Diagnostic(
                .runtime, "group \(order.group) has committed nothing",
                notes: ["name the topic that it is to read: --topic NAME"])
        }
        let topics = try topics(order, committed, connection)
        let rows = try rows(order, topics, committed, connection)
        var remarks: [Diagnostic] = []
        if group == nil { remarks.append(try newGroup(order.group, connection)) }
        return OffsetReset(
            group: order.group, exists: group != nil, rows: rows, remarks: remarks, connection: connection)
    }

    private static func newGroup(_ name: String, _ connection: KafkaConnection) throws -> Diagnostic {
        let nearest = try connection.nearestGroup(to: name)
        return Diagnostic(
            .warning, "group \(name) does not exist: resetting it makes one", notes: nearest.map { [$0] } ?? [])
    }

    /// With the ends of their logs.
    private static func topics(
        _ order: Order, _ committed: [TopicPartition: Int64], _ connection: KafkaConnection
    ) throws -> [TopicFigures] {
        let names = order.topics.isEmpty ? Set(committed.keys.map(\.topic)).sorted() : order.topics
        let topics = try connection.topics(named: names)
        let figures = try connection.attempt { _ in
            try TopicFigures.read(topics, admin: connection.admin, timeout: connection.timeout)
        }
        for topic in figures {
            let numbers = topic.partitions.map(\.number)
            if let missing = order.partitions.first(where: { !numbers.contains($0) }) {
                throw Diagnostic.missingPartition(missing, of: topic.name, having: numbers)
            }
        }
        return figures
    }

    private static func rows(
        _ order: Order, _ topics: [TopicFigures], _ committed: [TopicPartition: Int64], _ connection: KafkaConnection
    ) throws -> [Row] {
        var rows: [Row] = []
        for topic in topics {
            for partition in topic.partitions
            where order.partitions.isEmpty || order.partitions.contains(partition.number) {
                let place = TopicPartition(topic.name, partition.number)
                // Without --topic: what the group committed in, and nothing else.
                if order.topics.isEmpty, committed[place] == nil { continue }
                guard let first = partition.first, let end = partition.end else {
                    throw Diagnostic(
                        .runtime, "\(place.topic)/\(place.partition) has no leader",
                        notes: ["nobody can say which offsets it has; nothing was reset"])
                }
                rows.append(
                    Row(partition: place, committed: committed[place], first: first, end: end))
            }
        }
        return try withOffsets(rows, order.target, connection)
    }

    private static func withOffsets(
        _ rows: [Row], _ target: OffsetTarget, _ connection: KafkaConnection
    ) throws -> [Row] {
        var times: [TopicPartition: Int64?] = [:]
        if case .start(.time(let time)) = target {
            times = try connection.attempt { _ in
                try connection.admin.offsets(rows.map(\.partition), since: time, timeout: connection.timeout)
            }
        }
        return rows.map { row in
            var row = row
            switch target {
            case .start(let start): row.move(to: start, atTime: times[row.partition] ?? nil)
            case .shift(let count): row.move(by: count)
            }
            return row
        }
    }
}

extension OffsetReset.Row {
    /// - Parameter atTime: the first offset since the time that is asked for, where there is one.
    fileprivate mutating func move(to start: StartPoint, atTime: Int64?) {
        offset = start.offset(first: first, end: end, committed: committed, atTime: atTime)
        switch start {
        case .offset(let wanted): clamp(wanted)
        case .last(let count) where count > end - first: note = "fewer than \(Amounts.number(count)) are there"
        case .time where atTime == nil: note = "no record is as late"
        case .committed, .earliest, .latest, .last, .time: break
        }
    }

    fileprivate mutating func move(by count: Int64) {
        guard let committed else {
            note = "nothing committed to go from"
            return
        }
        let (offset, isTooFar) = committed.addingReportingOverflow(count)
        clamp(isTooFar ? (count < 0 ? .min : .max) : offset)
    }

    /// To an offset that the log has, or may have next.
    private mutating func clamp(_ wanted: Int64) {
        offset = min(max(wanted, first), end)
        if wanted < first { note = "\(Amounts.number(wanted)) is before the first" }
        if wanted > end { note = "\(Amounts.number(wanted)) is beyond the end" }
    }
}

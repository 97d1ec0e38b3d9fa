package import KrunDiagnostics
package import KrunJSON
import KrunKafka
import KrunPlanning
import KrunReports
package import KrunScenario

/// `krun topics add-partitions --dry-run`: which keys of a topic would be placed elsewhere with more partitions.
package struct KeyMoves: CommandResult {
    package struct Request: Sendable {
        package var topic: String
        /// Of the partitions there would be.
        package var total: Int
        package var partitioner = Partitioner.murmur2Random
        /// How many records are read, the last of each partition.
        package var limit = 100_000

        package init(topic: String, total: Int) {
            self.topic = topic
            self.total = total
        }
    }

    /// A key that was read.
    struct Key: Hashable, Sendable {
        var bytes: [UInt8]
        var records: Int
        /// Where they are.
        var partitions: Set<Int32>
        /// Where it is placed now and would be placed then; nil where that is left to chance.
        var from: Int32?
        var to: Int32?

        var moves: Bool { from != to }
    }

    /// How many rows of a table are shown.
    private static let shown = 20
    /// Which other partitioners are looked at where keys are not where they should be.
    private static let candidates: [Partitioner] = [.murmur2Random, .consistentRandom, .fnv1aRandom]

    let request: Request
    let before: Int
    /// Each once; those with most records first.
    let keys: [Key]
    let reading: KeyReading

    /// - Throws: as `PartitionAddition.plan`, and a `Diagnostic` where the topic cannot be read.
    package static func read(_ request: Request, from connection: KafkaConnection) throws -> KeyMoves {
        let plan = try PartitionAddition.plan(request.topic, total: request.total, on: connection)
        let reading = try KeyReading.read(
            request.topic, partitions: plan.before, limit: request.limit, from: connection)
        return KeyMoves(request, before: plan.before, reading)
    }

    init(_ request: Request, before: Int, _ reading: KeyReading) {
        self.request = request
        self.before = before
        self.reading = reading
        keys = reading.keys.map { bytes, seen in
            let answer = PlacedKey(bytes, [request.partitioner], counts: [before, request.total]).answers[0]
            return Key(
                bytes: bytes, records: seen.records, partitions: seen.partitions, from: answer.partitions?[0],
                to: answer.partitions?[1])
        }.sorted { first, second in
            first.records == second.records
                ? first.bytes.lexicographicallyPrecedes(second.bytes) : first.records > second.records
        }
    }

    private var moving: [Key] { keys.filter(\.moves) }

    package func text(_ style: TextStyle) -> String {
        let moving = moving
        var lines = [
            style.bold("topic \(TerminalText.safe(request.topic))")
                + " has \(Amounts.count(before, "partition")) and would have \(Amounts.number(request.total)); nothing was changed"
        ]
        if !moving.isEmpty {
            let table = TextTable(
                columns: [.init("key", .left), .init("records"), .init("from"), .init("to")],
                rows: moving.prefix(Self.shown).map { key in
                    [
                        KeyCell.text(key.bytes), Amounts.number(key.records), Cells.number(key.from),
                        Cells.number(key.to),
                    ]
                })
            lines += table.lines(style, indent: "  ")
            let rest = moving.dropFirst(Self.shown)
            if !rest.isEmpty {
                lines.append(
                    "  and \(Amounts.count(rest.count, "more key")) with \(Amounts.count(rest.reduce(0) { $0 + $1.records }, "record"))"
                )
            }
        }
        let records = moving.reduce(0) { $0 + $1.records }
        lines.append(
            "\(Amounts.number(moving.count)) of \(Amounts.count(keys.count, "key")) would move, with "
                + "\(Amounts.number(records)) of \(Amounts.count(reading.records, "record")), by \(request.partitioner.rawValue)"
        )
        let byChance = reading.withoutKey + keys.filter { $0.from == nil }.reduce(0) { $0 + $1.records }
        if byChance > 0 {
            lines.append(
                "\(Amounts.count(byChance, "record")) \(byChance == 1 ? "has" : "have") no key that decides a partition"
            )
        }
        return lines.map { $0 + "\n" }.joined()
    }

    package var json: JSONValue {
        var object = JSONMembers()
        object.add("name", request.topic)
        object.add("partitionCountBefore", before)
        object.add("partitionCount", request.total)
        object.add("added", false)
        object.add("partitioner", request.partitioner.rawValue)
        object.add("recordsRead", reading.records)
        object.add("offsetsNotRead", reading.notRead)
        object.add("recordsWithoutKey", reading.withoutKey)
        object.add("keyCount", keys.count)
        object.add(
            "moves",
            moving.map { key in
                var object = JSONMembers()
                object.add(
                    "key",
                    PayloadText.plain(key.bytes).map { .string($0) }
                        ?? .object([JSONValue.Member("base64", .string(Base64.text(key.bytes)))]))
                object.add("records", key.records)
                object.add("from", .nullable(key.from.map { Int64($0) }))
                object.add("to", .nullable(key.to.map { Int64($0) }))
                return object
            })
        return object.value
    }

    package var remarks: [Diagnostic] {
        var remarks: [Diagnostic] = []
        if reading.notRead > 0 {
            remarks.append(
                Diagnostic(
                    .warning,
                    "not all was read: \(Amounts.count(Int(reading.notRead), "offset")) before the last "
                        + "\(Amounts.count(reading.records, "record")) \(reading.notRead == 1 ? "was" : "were") left out",
                    notes: [
                        reading.isFull
                            ? "the keys took more than \(KeyReading.byteLimit >> 20) MiB"
                            : "--limit \(request.limit) bounds it; keys that are only there are not told"
                    ]))
        }
        let elsewhere = keys.filter { key in key.from.map { key.partitions != [$0] } ?? false }
        if !elsewhere.isEmpty {
            let count = Amounts.count(elsewhere.count, "key")
            remarks.append(
                Diagnostic(
                    .warning,
                    "\(count) \(elsewhere.count == 1 ? "lies" : "lie") on other partitions than "
                        + "\(request.partitioner.rawValue) puts \(elsewhere.count == 1 ? "it" : "them") on",
                    notes: [
                        explaining.map { "\($0.rawValue) explains where all of them are: --partitioner \($0.rawValue)" }
                            ?? "no partitioner explains where all of them are: producers may use several, or name partitions"
                    ]))
        }
        return remarks
    }

    /// The partitioner that puts every key where it is; nil where none does.
    private var explaining: Partitioner? {
        Self.candidates.first { partitioner in
            keys.allSatisfy { key in
                partitioner.partition(forKey: key.bytes, partitions: before).map { key.partitions == [$0] } ?? true
            }
        }
    }
}

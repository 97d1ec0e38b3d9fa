import KrunConnection
import KrunKafka

/// The keys of a topic's last records.
struct KeyReading {
    /// Of all keys, each counted once.
    static let byteLimit = 64 << 20

    struct Seen: Hashable, Sendable {
        var records = 0
        var partitions: Set<Int32> = []
    }

    var keys: [[UInt8]: Seen] = [:]
    /// With a key or without.
    var records = 0
    var withoutKey = 0
    /// Offsets before and behind what was read.
    var notRead: Int64 = 0
    /// Whether there were more bytes of keys than are kept.
    var isFull = false
    private var bytes = 0

    /// - Parameter limit: of records, of which each partition has a share; what one does not need goes to the others.
    static func read(
        _ topic: String, partitions: Int, limit: Int, from connection: KafkaConnection
    ) throws -> KeyReading {
        let names = (0..<Int32(partitions)).map { TopicPartition(topic, $0) }
        let (first, end) = try connection.attempt { admin in
            (
                try admin.beginningOffsets(names, timeout: connection.timeout),
                try admin.endOffsets(names, timeout: connection.timeout)
            )
        }
        let sizes = names.map { max(0, (end[$0] ?? 0) - (first[$0] ?? 0)) }
        let shares = shares(of: sizes, limit: Int64(limit))
        let starts = zip(names, shares).compactMap { name, share in
            share == 0 ? nil : TopicPartitionOffset(name.topic, name.partition, (end[name] ?? 0) - share)
        }
        var reading = KeyReading()
        reading.notRead = zip(sizes, shares).reduce(0) { $0 + $1.0 - $1.1 }
        guard !starts.isEmpty else { return reading }
        var next = Dictionary(uniqueKeysWithValues: starts.map { ($0.partition, $0.offset) })
        try LogReader(kafka: connection, topic: topic).read(starts, to: end) { record in
            next[record.partition] = record.offset + 1
            return !reading.add(record.key, partition: record.partition)
        }
        connection.waits.end()
        if reading.isFull {
            reading.notRead += next.reduce(0) { $0 + max(0, (end[TopicPartition(topic, $1.key)] ?? 0) - $1.value) }
        }
        return reading
    }

    /// - Returns: false when there is no room for more.
    mutating func add(_ key: UnsafeRawBufferPointer?, partition: Int32) -> Bool {
        if isFull { return false }
        records += 1
        guard let key = key.map({ Array($0) }) else {
            withoutKey += 1
            return true
        }
        if keys[key] == nil { bytes += key.count }
        keys[key, default: Seen()].records += 1
        keys[key, default: Seen()].partitions.insert(partition)
        isFull = bytes > Self.byteLimit
        return !isFull
    }

    /// How much of each partition is read, the smallest ones first having what they need.
    static func shares(of sizes: [Int64], limit: Int64) -> [Int64] {
        var shares = sizes
        var left = limit
        let order = sizes.indices.sorted { (sizes[$0], $0) < (sizes[$1], $1) }
        for (position, index) in order.enumerated() {
            shares[index] = min(sizes[index], left / Int64(order.count - position))
            left -= shares[index]
        }
        return shares
    }
}

/// Which records of a partition are known to stand in it, so that each is told once: acknowledged, read, or both, in whichever order that
/// is heard of.
///
/// Each has a number, from 0, in the order in which they became known.
struct KnownRecords {
    /// What an event says about a record.
    enum News: Hashable {
        /// Nothing was known of it.
        case new(Int)
        /// It had been read before it was heard that it is acknowledged.
        case acknowledged(Int)
        /// It was acknowledged without an offset, and now it is known where it stands.
        case placed(Int)
        /// Nothing that was not known.
        case known
    }

    /// Of so many the numbers are kept while something of them is open; with those beyond an acknowledgement says nothing new.
    static let openLimit = 100_000

    /// A record by what is in it, where nothing says at which offset it stands.
    private typealias Content = Int

    private var offsets = KnownOffsets()
    /// The numbers of those that were read and not acknowledged, by offset.
    private var unacknowledged: [Int64: Int] = [:]
    /// Their offsets, for acknowledgements that say none; some may have come by another way since.
    private var readFirst: [Content: ArraySlice<Int64>] = [:]
    /// The numbers of those that were acknowledged without an offset.
    private var unplaced: [Content: ArraySlice<Int>] = [:]
    private var unplacedCount = 0
    private var count = 0

    /// A message was acknowledged: always another one, unless it was read before.
    mutating func noteSent(_ record: RecordOutcome) -> News {
        if record.offset < 0 { return noteSentWithoutOffset(record) }
        if let number = unacknowledged.removeValue(forKey: record.offset) { return .acknowledged(number) }
        _ = offsets.insert(record.offset)
        return next()
    }

    mutating func noteRead(_ record: RecordOutcome) -> News {
        guard record.offset >= 0, offsets.insert(record.offset) else { return .known }
        if unplacedCount > 0, let number = unplaced[Self.content(of: record)]?.popFirst() {
            unplacedCount -= 1
            return .placed(number)
        }
        if unacknowledged.count < Self.openLimit {
            unacknowledged[record.offset] = count
            readFirst[Self.content(of: record), default: []].append(record.offset)
        }
        return next()
    }

    /// The partition is gone; the next one of its name begins at offset 0 again, and numbers go on.
    mutating func startAnew() {
        let next = count
        self = KnownRecords()
        count = next
    }

    private mutating func noteSentWithoutOffset(_ record: RecordOutcome) -> News {
        let content = Self.content(of: record)
        while let offset = readFirst[content]?.popFirst() {
            if let number = unacknowledged.removeValue(forKey: offset) { return .acknowledged(number) }
        }
        if unplacedCount < Self.openLimit {
            unplaced[content, default: []].append(count)
            unplacedCount += 1
        }
        return next()
    }

    private mutating func next() -> News {
        count += 1
        return .new(count - 1)
    }

    private static func content(of record: RecordOutcome) -> Content {
        var hasher = Hasher()
        hasher.combine(record.key)
        hasher.combine(record.value)
        return hasher.finalize()
    }
}

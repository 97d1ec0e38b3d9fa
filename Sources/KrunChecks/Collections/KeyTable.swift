/// Numbers distinct keys in the order in which they are first seen: 0, 1, 2 …
///
/// An open-addressing hash table; the keys' bytes stand one after the other in one arena. Beyond `limit` keys only
/// those are kept whose hash ends in zeros, a bit more each time the table is full; the kept ones are numbered anew.
struct KeyTable: Sendable {
    static let limit = 1_000_000

    /// How many keys are in the table.
    var count: Int { hashes.count }
    /// Whether keys were dropped, so that only a sample is in the table.
    var isSampled: Bool { mask != 0 }
    /// How many distinct keys were seen at least; exact until the table is sampled.
    private(set) var distinctAtLeast = 0
    /// After an insertion that dropped keys: the old numbers of those that stayed, in their new order. Whoever keeps
    /// something per number must take it, and set it to nil, before the next insertion.
    var kept: [Int]?

    private let seed: UInt64
    private let capacity: Int
    private let pinned: Set<[UInt8]>
    /// The bits of a hash that must be zero for the key to be in the sample.
    private var mask: UInt64 = 0
    /// The upper half of a hash and, in the lower half, the key's number + 1; 0 is free.
    private var slots: [UInt64]
    private var hashes: [UInt64] = []
    /// Where each key begins in the arena, and where the last one ends.
    private var starts: [Int] = [0]
    private var arena: [UInt8] = []

    /// - Parameter pinned: keys that stay in the table whatever happens.
    init(seed: UInt64, limit: Int = KeyTable.limit, pinned: Set<[UInt8]> = []) {
        self.seed = seed
        capacity = limit
        self.pinned = pinned
        slots = Array(repeating: 0, count: 64)
    }

    /// The number of a key that is there; nil otherwise.
    func find(_ key: UnsafeRawBufferPointer) -> Int? {
        let hash = ByteHash.hash(key, seed: seed)
        let slot = slots[slot(of: key, hash)]
        return slot == 0 ? nil : Int(slot & 0xffff_ffff) - 1
    }

    /// The number of a key, which is added when it is new; nil when it does not belong to the sample.
    mutating func insert(_ key: UnsafeRawBufferPointer) -> Int? {
        let hash = ByteHash.hash(key, seed: seed)
        if hash & mask != 0, pinned.isEmpty { return nil }
        let place = slot(of: key, hash)
        let slot = slots[place]
        if slot != 0 { return Int(slot & 0xffff_ffff) - 1 }
        return add(key, hash, at: place)
    }

    func key(_ number: Int) -> [UInt8] {
        Array(arena[starts[number]..<starts[number + 1]])
    }

    /// The key's bytes, borrowed for the call.
    func withKey<Result>(_ number: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        arena.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[starts[number]..<starts[number + 1]])) }
    }

    /// The slot that holds the key, or the free one where it belongs.
    private func slot(of key: UnsafeRawBufferPointer, _ hash: UInt64) -> Int {
        let last = slots.count - 1
        let tag = hash >> 32
        var place = Int(truncatingIfNeeded: hash >> 24) & last
        while true {
            let slot = slots[place]
            if slot == 0 || slot >> 32 == tag && isKey(Int(slot & 0xffff_ffff) - 1, key) { return place }
            place = (place + 1) & last
        }
    }

    @inline(__always)
    private func isKey(_ number: Int, _ key: UnsafeRawBufferPointer) -> Bool {
        let start = starts[number]
        let count = key.count
        if starts[number + 1] - start != count { return false }
        return arena.withUnsafeBytes { arena in
            var offset = 0
            while count - offset >= 8 {
                let word = arena.loadUnaligned(fromByteOffset: start + offset, as: UInt64.self)
                if word != key.loadUnaligned(fromByteOffset: offset, as: UInt64.self) { return false }
                offset += 8
            }
            while offset < count {
                if arena[start + offset] != key[offset] { return false }
                offset += 1
            }
            return true
        }
    }

    private mutating func add(_ key: UnsafeRawBufferPointer, _ hash: UInt64, at place: Int) -> Int? {
        if isSampled, !belongs(hash, key) { return nil }
        distinctAtLeast += 1
        let number = hashes.count
        hashes.append(hash)
        arena.append(contentsOf: key)
        starts.append(arena.count)
        slots[place] = hash & ~0xffff_ffff | UInt64(number + 1)
        if hashes.count > capacity {
            sample()
            return find(key)
        }
        // At most half full: probes stay short.
        if hashes.count * 2 > slots.count { rebuildSlots(slots.count * 2) }
        return number
    }

    private func belongs(_ hash: UInt64, _ key: UnsafeRawBufferPointer) -> Bool {
        hash & mask == 0 || !pinned.isEmpty && pinned.contains(Array(key))
    }

    /// Drops about half of the keys, again and again until there is room.
    private mutating func sample() {
        var numbers = Array(0..<hashes.count)
        while numbers.count > capacity, mask != .max {
            mask = mask << 1 | 1
            numbers = numbers.filter { number in withKey(number) { belongs(hashes[number], $0) } }
        }
        var keptArena: [UInt8] = []
        var keptStarts = [0]
        for number in numbers {
            withKey(number) { keptArena.append(contentsOf: $0) }
            keptStarts.append(keptArena.count)
        }
        hashes = numbers.map { hashes[$0] }
        arena = keptArena
        starts = keptStarts
        kept = numbers
        rebuildSlots(slots.count)
    }

    private mutating func rebuildSlots(_ size: Int) {
        slots = Array(repeating: 0, count: size)
        for (number, hash) in hashes.enumerated() {
            var place = Int(truncatingIfNeeded: hash >> 24) & (size - 1)
            while slots[place] != 0 { place = (place + 1) & (size - 1) }
            slots[place] = hash & ~0xffff_ffff | UInt64(number + 1)
        }
    }
}

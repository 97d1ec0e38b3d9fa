/// What is due when: at most one deadline for each key, the earliest first, and of equal ones the one set first.
///
/// A binary heap that knows where each key is: a deadline moves or goes in logarithmic time and leaves nothing behind.
struct DeadlineQueue<Key: Hashable & Sendable>: Sendable {
    private struct Entry {
        var deadline: Duration
        var sequence: UInt64
        var key: Key

        func isBefore(_ other: Entry) -> Bool {
            deadline != other.deadline ? deadline < other.deadline : sequence < other.sequence
        }
    }

    private var heap: [Entry] = []
    private var positions: [Key: Int] = [:]
    private var sequence: UInt64 = 0

    init() {}

    /// The earliest deadline there is; nil when nothing is due ever.
    var next: Duration? { heap.first?.deadline }

    /// Sets when `key` is due, in place of what was set before; nil forgets it.
    mutating func set(_ key: Key, to deadline: Duration?) {
        guard let deadline else {
            remove(key)
            return
        }
        sequence &+= 1
        let entry = Entry(deadline: deadline, sequence: sequence, key: key)
        if let position = positions[key] {
            heap[position] = entry
            siftDown(siftUp(position))
        } else {
            heap.append(entry)
            positions[key] = heap.count - 1
            siftUp(heap.count - 1)
        }
    }

    mutating func remove(_ key: Key) {
        guard let position = positions.removeValue(forKey: key) else { return }
        let last = heap.removeLast()
        guard position < heap.count else { return }
        heap[position] = last
        positions[last.key] = position
        siftDown(siftUp(position))
    }

    /// Takes out the earliest key that is due at `time`; nil when none is.
    mutating func popDue(at time: Duration) -> Key? {
        guard let first = heap.first, first.deadline <= time else { return nil }
        remove(first.key)
        return first.key
    }

    /// When `key` is due, nil when it is not.
    func deadline(of key: Key) -> Duration? {
        positions[key].map { heap[$0].deadline }
    }

    @discardableResult
    private mutating func siftUp(_ start: Int) -> Int {
        var child = start
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].isBefore(heap[parent]) else { break }
            swap(child, parent)
            child = parent
        }
        return child
    }

    private mutating func siftDown(_ start: Int) {
        var parent = start
        while true {
            var first = parent
            let left = 2 * parent + 1
            if left < heap.count, heap[left].isBefore(heap[first]) { first = left }
            if left + 1 < heap.count, heap[left + 1].isBefore(heap[first]) { first = left + 1 }
            guard first != parent else { return }
            swap(parent, first)
            parent = first
        }
    }

    private mutating func swap(_ a: Int, _ b: Int) {
        heap.swapAt(a, b)
        positions[heap[a].key] = a
        positions[heap[b].key] = b
    }
}

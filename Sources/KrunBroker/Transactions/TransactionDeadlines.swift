internal import KrunNames

/// When something is due for a transactional id: at most one time for each, the earliest first.
///
/// A binary heap that knows where each id is, so that a changed deadline leaves no stale entry behind.
struct TransactionDeadlines: Sendable {
    private var heap: [(deadline: Duration, id: String)] = []
    private var positions = NameMap<Int>()

    var first: (deadline: Duration, id: String)? { heap.first }

    /// Sets or, with nil, removes what is due for `id`.
    mutating func set(_ deadline: Duration?, for id: String) {
        switch (positions[id], deadline) {
        case (nil, nil): break
        case (nil, let deadline?):
            heap.append((deadline, id))
            positions[id] = heap.count - 1
            siftUp(heap.count - 1)
        case (let position?, let deadline?):
            heap[position].deadline = deadline
            siftUp(position)
            siftDown(positions[id]!)
        case (let position?, nil):
            swap(position, heap.count - 1)
            heap.removeLast()
            positions[id] = nil
            if position < heap.count {
                let moved = heap[position].id
                siftUp(position)
                siftDown(positions[moved]!)
            }
        }
    }

    private mutating func swap(_ a: Int, _ b: Int) {
        heap.swapAt(a, b)
        positions[heap[a].id] = a
        positions[heap[b].id] = b
    }

    private mutating func siftUp(_ start: Int) {
        var child = start
        while child > 0, heap[child].deadline < heap[(child - 1) / 2].deadline {
            swap(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private mutating func siftDown(_ start: Int) {
        var parent = start
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
                if heap[child].deadline < heap[least].deadline { least = child }
            }
            if least == parent { return }
            swap(parent, least)
            parent = least
        }
    }
}

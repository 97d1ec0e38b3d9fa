/// Hands out producer ids in sequence, each once.
///
/// A broker of Kafka's own takes them in blocks of a thousand from the controller; one cluster in one process needs no blocks.
package struct ProducerIdAllocator: Equatable, Sendable {
    /// The id that is handed out next.
    package private(set) var next: Int64

    package init(next: Int64 = 0) {
        self.next = next
    }

    package mutating func allocate() -> Int64 {
        defer { next &+= 1 }
        return next
    }
}

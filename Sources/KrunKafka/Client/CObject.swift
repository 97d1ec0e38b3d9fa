/// Owns one of librdkafka's objects and frees it exactly once; what it was made from outlives it.
///
/// `@unchecked Sendable`: the pointer never changes, and the objects put here are ones that librdkafka lets several threads
/// use at a time (clients, topics, queues) or that nobody changes after they were made (headers).
final class CObject: @unchecked Sendable {
    let pointer: OpaquePointer
    private let parent: (any Sendable)?
    private let free: @Sendable (OpaquePointer) -> Void

    init(_ pointer: OpaquePointer, keeping parent: (any Sendable)?, free: @escaping @Sendable (OpaquePointer) -> Void) {
        self.pointer = pointer
        self.parent = parent
        self.free = free
    }

    deinit {
        free(pointer)
    }
}

import Dispatch
import Synchronization

/// Many small things that need nothing of each other are done on all processors.
enum SideBySide {
    /// Below so many one thread is as fast.
    private static let fewest = 50

    /// What comes of each, in their order.
    static func map<Item: Sendable, Result: Sendable>(
        _ items: [Item], _ transform: @Sendable (Item) -> Result
    ) -> [Result] {
        guard items.count >= fewest else { return items.map(transform) }
        let results = Mutex([Result?](repeating: nil, count: items.count))
        DispatchQueue.concurrentPerform(iterations: items.count) { index in
            let result = transform(items[index])
            results.withLock { $0[index] = result }
        }
        return results.withLock { $0 }.compactMap(\.self)
    }
}

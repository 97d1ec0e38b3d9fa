package import KrunDiagnostics
import KrunPlanning
package import KrunScenario

/// What `krun partition` does: reads keys, and writes where each goes, as they come.
///
/// No more than a portion of them is kept.
package struct KeyPlacementRun {
    package struct Request {
        /// How many partitions there are; at least one number, each once, from 1.
        package var counts: [Int]
        /// Nil for all.
        package var partitioner: Partitioner?
        /// A line of JSON for each key, instead of a table.
        package var isJSON = false

        package init(counts: [Int]) {
            self.counts = counts
        }
    }

    /// So many keys are written at a time.
    private static let portion = 500

    private let request: Request
    private let partitioners: [Partitioner]
    private let write: ([UInt8]) -> Bool
    private var table: PlacementTable
    private var lines: [UInt8] = []
    private var unwritten = 0
    /// How many keys there were.
    package private(set) var count = 0

    /// - Parameters:
    ///   - width: of the terminal, which a table is made to fit; nil for none.
    ///   - write: false when nobody reads any more.
    package init(
        _ request: Request, style: TextStyle, width: Int? = nil, write: @escaping ([UInt8]) -> Bool
    ) {
        self.request = request
        self.write = write
        partitioners = request.partitioner.map { [$0] } ?? PlacedKey.order
        table = PlacementTable(partitioners, counts: request.counts, style: style, width: width)
    }

    /// Writes all keys at once.
    ///
    /// - Throws: usage diagnostics, before anything is written.
    package mutating func place(_ arguments: [String]) throws(Diagnostics) {
        var problems: [Diagnostic] = []
        for (index, argument) in arguments.enumerated() {
            do throws(Diagnostic) {
                let key = Array(argument.utf8).withUnsafeBytes { text in
                    Result { () throws(Diagnostic) in
                        try WrittenKey.bytes(of: text, line: index + 1, of: Place.arguments)
                    }
                }
                add(try key.get())
            } catch {
                problems.append(error)
            }
        }
        guard problems.isEmpty else { throw Diagnostics(problems) }
        end()
    }

    /// Writes the key of each line, until nobody reads any more.
    ///
    /// - Parameters:
    ///   - isReady: whether `read` would return at once; then what is to be written waits for more, so that it is aligned with it.
    ///   - read: waits for bytes, and returns how many it has put there, 0 at the end.
    /// - Throws: what `read` throws, and a usage diagnostic for a line that is no key; those before it are written.
    package mutating func placeLines(
        isReady: () -> Bool, _ read: (UnsafeMutableRawBufferPointer) throws -> Int
    ) throws {
        var splitter = LineSplitter()
        while !splitter.isAtEnd {
            if unwritten > 0, !isReady(), !flush() { return }
            do {
                try splitter.fill(read)
            } catch is LineSplitter.LineTooLong {
                _ = flush()
                throw Diagnostic(
                    .usage, "line \(count + 1) has more than \(LineSplitter.longest >> 20) MiB",
                    notes: ["a key is a line of its own"])
            }
            while let line = splitter.next() {
                do throws(Diagnostic) {
                    add(try WrittenKey.bytes(of: line, line: count + 1, of: Place.standardInput))
                } catch {
                    _ = flush()
                    throw error
                }
                if unwritten >= Self.portion, !flush() { return }
            }
        }
        end()
    }

    private mutating func add(_ key: [UInt8]) {
        let placed = PlacedKey(key, partitioners, counts: request.counts)
        count += 1
        unwritten += 1
        if request.isJSON {
            PlacementLine.append(placed, counts: request.counts, to: &lines)
        } else {
            table.add(placed)
        }
    }

    private mutating func flush() -> Bool {
        guard unwritten > 0 else { return true }
        unwritten = 0
        let text = request.isJSON ? lines : table.takeText()
        lines.removeAll(keepingCapacity: true)
        return write(text)
    }

    private mutating func end() {
        guard flush(), !request.isJSON else { return }
        let conclusion = table.conclusion
        if !conclusion.isEmpty { _ = write(conclusion) }
    }
}

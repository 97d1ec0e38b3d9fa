package import KrunKafka
package import KrunScenario

extension ProduceSession {
    /// What `krun produce` is asked for.
    package struct Request: Sendable {
        /// Where messages come from.
        package enum Input: Hashable, Sendable {
            /// The five of the first lesson.
            case samples
            case arguments([String], Format)
            case standardInput(Format)
        }

        /// How a message is written.
        package enum Format: String, Hashable, Sendable {
            /// `key:value`
            case lines
            /// A record as `RecordLine` writes it.
            case json
        }

        package enum Output: String, CaseIterable, Sendable {
            /// A line for people.
            case pretty
            /// A line of JSON, with `error` and `reason` where it was not delivered.
            case json
        }

        package var topic: String
        package var input: Input
        /// Between key and value of a line; empty where lines have no keys.
        package var keySeparator: [UInt8] = [UInt8(ascii: ":")]
        /// Whether an empty value of a line is a tombstone.
        package var emptyIsTombstone = false
        /// The partition of every message; nil where the partitioner or the record says.
        package var partition: Int32?
        package var partitioner = Partitioner.murmur2Random
        /// Whether the partitioner places records that name a partition, too.
        package var repartitions = false
        /// Behind those that a record has itself.
        package var headers: [RecordHeader] = []
        /// Messages per second; nil for as fast as it goes.
        package var rate: Double?
        /// How often the whole input is sent.
        package var count = 1
        package var output = Output.pretty
        /// Whether only what is wrong and the totals are told.
        package var isQuiet = false

        package init(topic: String, input: Input) {
            self.topic = topic
            self.input = input
        }
    }
}

/// Where `krun produce` reads and writes; two threads use it.
package protocol ProduceOutput: Sendable {
    /// Whether somebody watches the results, so that they are not held back.
    var isWatched: Bool { get }
    /// Whether somebody types the input.
    var isInputTyped: Bool { get }

    /// Writes lines of results; false when nobody reads them any more.
    func writeResults(_ text: [UInt8]) -> Bool

    /// Tells something that is no result.
    func say(_ line: String)

    func warn(_ line: String)

    /// Waits for input; returns how many bytes there are, 0 at its end or once `isOver` is true.
    ///
    /// - Throws: a `Diagnostic` where it cannot be read.
    func readInput(_ bytes: UnsafeMutableRawBufferPointer, isOver: () -> Bool) throws -> Int
}

/// The messages of the first lesson, as in `scenarios/basic.json`.
enum SampleMessages {
    static let all: [(key: String, value: String)] = [
        ("alice", "Hello, Kafka!"),
        ("bob", "Is anybody there?"),
        ("carol", "Three partitions, one topic."),
        ("dave", "The offset is the place in a partition."),
        ("alice", "Goodbye, Kafka!"),
    ]
}

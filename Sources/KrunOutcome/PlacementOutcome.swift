/// Where the keys of a topic are, beside where a partitioner puts them.
public struct PlacementOutcome: Hashable, Sendable {
    /// A key that is elsewhere.
    public struct Stray: Hashable, Sendable {
        public var key: [UInt8]
        /// Those that it is on, sorted.
        public var partitions: [Int32]
        /// Where the partitioner puts it.
        public var expected: Int32

        public init(key: [UInt8], partitions: [Int32], expected: Int32) {
            self.key = key
            self.partitions = partitions
            self.expected = expected
        }
    }

    /// The one that was asked for.
    public var partitioner: String
    /// How many keys it places.
    public var keys: Int
    /// How many of them are elsewhere, or on several partitions.
    public var elsewhere: Int
    /// The first of these, in the order of their bytes.
    public var first: [Stray]
    /// The partitioners that put every key where it is.
    public var explainedBy: [String]

    /// How many keys are listed.
    public static let limit = 5

    public init(partitioner: String, keys: Int, elsewhere: Int, first: [Stray], explainedBy: [String]) {
        self.partitioner = partitioner
        self.keys = keys
        self.elsewhere = elsewhere
        self.first = first
        self.explainedBy = explainedBy
    }
}

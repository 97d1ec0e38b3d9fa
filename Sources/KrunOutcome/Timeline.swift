/// What happened in a scenario when, for pictures of it: bounded, however much happened.
///
/// Times are microseconds since the scenario began.
public struct Timeline: Hashable, Sendable {
    /// A step from its beginning to its end.
    public struct Step: Hashable, Sendable {
        /// Its path: `2.1`.
        public var path: String
        public var title: String
        public var from: Int64
        /// nil where it never ended.
        public var to: Int64?

        public init(path: String, title: String, from: Int64, to: Int64?) {
            self.path = path
            self.title = title
            self.from = from
            self.to = to
        }
    }

    /// A partition: the records that are known to stand in it, in the order in which they became known, column by column.
    public struct Lane: Hashable, Sendable {
        public var topic: String
        public var partition: Int32
        /// When it was there first.
        public var from: Int64
        /// When they were acknowledged, or else read first.
        public var times: [Int64] = []
        /// -1 where it is unknown.
        public var offsets: [Int64] = []
        /// Indices into `keys`; -1 for none, -2 for one of those that are too many.
        public var keys: [Int32] = []
        /// Indices into `steps`, of those that sent them; -1 for none.
        public var steps: [Int32] = []
        /// Whether they were acknowledged to the scenario; others were only read: somebody else wrote them, or the acknowledgement never came.
        public var acknowledged: [Bool] = []
        /// The beginnings of values as text, of the first records; nil for a tombstone.
        public var values: [String?] = []
        /// Of the same records, in milliseconds since 1970; nil for none.
        public var timestamps: [Int64?] = []
        /// Records beyond those, in portions.
        public var portions: [Portion] = []

        public init(topic: String, partition: Int32, from: Int64) {
            self.topic = topic
            self.partition = partition
            self.from = from
        }

        /// How many records it is known to have had.
        public var count: Int { times.count + portions.reduce(0) { $0 + $1.count } }
    }

    /// Records that are too many to be told one by one.
    public struct Portion: Hashable, Sendable {
        public var count: Int
        public var firstOffset: Int64
        public var lastOffset: Int64
        public var from: Int64
        public var to: Int64

        public init(count: Int, firstOffset: Int64, lastOffset: Int64, from: Int64, to: Int64) {
            self.count = count
            self.firstOffset = firstOffset
            self.lastOffset = lastOffset
            self.from = from
            self.to = to
        }
    }

    /// Who owned a partition, from when until when.
    public struct Ownership: Hashable, Sendable {
        public var group: String?
        public var member: String
        public var topic: String
        public var partition: Int32
        public var from: Int64
        /// nil until the end.
        public var to: Int64?
        /// Whether it ended with a crash.
        public var hasCrashed = false

        public init(group: String?, member: String, topic: String, partition: Int32, from: Int64) {
            self.group = group
            self.member = member
            self.topic = topic
            self.partition = partition
            self.from = from
        }
    }

    /// Where a group stood in a partition, and when: read to, or committed.
    public struct Progress: Hashable, Sendable {
        /// nil for readers by assignment.
        public var group: String?
        public var topic: String
        public var partition: Int32
        public var times: [Int64] = []
        /// The offset of the next record.
        public var offsets: [Int64] = []

        public init(group: String?, topic: String, partition: Int32) {
            self.group = group
            self.topic = topic
            self.partition = partition
        }
    }

    /// Something that the cluster suffered.
    public struct Fault: Hashable, Sendable {
        public var kind: String
        public var sentence: String
        public var from: Int64
        /// nil until the end.
        public var to: Int64?

        public init(kind: String, sentence: String, from: Int64, to: Int64?) {
            self.kind = kind
            self.sentence = sentence
            self.from = from
            self.to = to
        }
    }

    /// Something that happened at a moment: a message refused, a transaction's end, a topic deleted.
    public struct Mark: Hashable, Sendable {
        public var at: Int64
        public var text: String

        public init(at: Int64, text: String) {
            self.at = at
            self.text = text
        }
    }

    public var duration: Int64 = 0
    public var steps: [Step] = []
    /// By topic, in the order in which they came, and number.
    public var lanes: [Lane] = []
    /// As text, the first of them.
    public var keys: [String] = []
    public var ownerships: [Ownership] = []
    public var reads: [Progress] = []
    public var commits: [Progress] = []
    public var faults: [Fault] = []
    public var marks: [Mark] = []
    /// How many marks there were beyond those.
    public var omittedMarks = 0

    public init() {}
}

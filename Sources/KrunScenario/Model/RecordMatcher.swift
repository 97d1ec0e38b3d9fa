public import KrunJSON
public import KrunJSONPath

/// What a record must be; what is not mentioned does not matter.
public struct RecordMatcher: Sendable {
    /// Its name in the file.
    public var topic: Matcher?
    public var partition: Matcher?
    public var offset: Matcher?
    /// `null` is no key.
    public var key: Matcher?
    /// `null` is a tombstone.
    public var value: Matcher?
    public var headers: HeadersMatcher?
    /// Milliseconds since 1970-01-01 UTC.
    public var timestamp: Matcher?
    /// The object, for its place.
    public let node: JSONNode

    /// What its headers must be.
    public enum HeadersMatcher: Sendable {
        /// These and no others, in this order.
        case exactly([Header], JSONNode)
        /// Of each name one that matches, wherever it stands; or none, where the matcher asks for that.
        case contains([Header], JSONNode)
    }

    /// A header that must be there.
    public struct Header: Sendable {
        public let key: String
        /// nil for any.
        public let value: Matcher?
    }
}

/// Which records a step must come to.
public struct RecordsExpectation: Sendable {
    /// How the matchers are to be taken. Wherever order matters it is that of offsets within a partition: there is none across partitions.
    public enum Rule: Sendable {
        /// These and no others, in this order.
        case exactly
        /// Each is there, one record for each.
        case contains
        /// Each is there, in this order; others may stand between.
        case inOrder
    }

    public let rule: Rule
    public let matchers: [RecordMatcher]
    /// The list, for its place.
    public let node: JSONNode
}

/// A value taken from the first record that matches: a variable for the steps that follow.
public struct Capture: Sendable {
    public let name: String
    /// Any record, where it asks for nothing.
    public let from: RecordMatcher
    /// Where it stands in the record, written as `krun consume --output json` does; keys and values that are JSON stand in it as such.
    public let path: JSONPath
    /// The member of the map, for its place.
    public let node: JSONNode
}

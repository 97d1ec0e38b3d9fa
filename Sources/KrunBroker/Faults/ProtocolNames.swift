internal import KrunWire

/// A kind of request, by Kafka's name and number (protocol guide, "API Keys").
///
/// Any number can be one, so that a request this broker does not know can be named as well.
public struct RequestKind: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The API key.
    public let rawValue: Int16

    public init(rawValue: Int16) {
        self.rawValue = rawValue
    }

    /// By Kafka's name, in any case: `Produce`; nil for a name that is none of `allKnown`.
    public init?(name: String) {
        let lowercased = name.lowercased()
        guard let kind = Self.names.first(where: { $0.value.lowercased() == lowercased })?.key else { return nil }
        self.init(rawValue: kind)
    }

    /// Kafka's name, or `API 99` for a number that has none here.
    public var name: String { ApiKey(rawValue: rawValue)?.name ?? "API \(rawValue)" }

    public var description: String { name }

    /// Those that this broker answers, in the order of their numbers.
    public static let allKnown: [RequestKind] = names.keys.sorted().map(RequestKind.init(rawValue:))

    private static let names = Dictionary(
        uniqueKeysWithValues: Request.types.map { ($0.apiKey.rawValue, $0.apiKey.name) })
}

extension RequestKind {
    public static let produce = RequestKind(rawValue: 0)
    public static let fetch = RequestKind(rawValue: 1)
    public static let listOffsets = RequestKind(rawValue: 2)
    public static let metadata = RequestKind(rawValue: 3)
    public static let offsetCommit = RequestKind(rawValue: 8)
    public static let offsetFetch = RequestKind(rawValue: 9)
    public static let findCoordinator = RequestKind(rawValue: 10)
    public static let joinGroup = RequestKind(rawValue: 11)
    public static let heartbeat = RequestKind(rawValue: 12)
    public static let leaveGroup = RequestKind(rawValue: 13)
    public static let syncGroup = RequestKind(rawValue: 14)
    public static let describeGroups = RequestKind(rawValue: 15)
    public static let listGroups = RequestKind(rawValue: 16)
    public static let saslHandshake = RequestKind(rawValue: 17)
    public static let apiVersions = RequestKind(rawValue: 18)
    public static let createTopics = RequestKind(rawValue: 19)
    public static let deleteTopics = RequestKind(rawValue: 20)
    public static let deleteRecords = RequestKind(rawValue: 21)
    public static let initProducerId = RequestKind(rawValue: 22)
    public static let offsetForLeaderEpoch = RequestKind(rawValue: 23)
    public static let addPartitionsToTxn = RequestKind(rawValue: 24)
    public static let addOffsetsToTxn = RequestKind(rawValue: 25)
    public static let endTxn = RequestKind(rawValue: 26)
    public static let txnOffsetCommit = RequestKind(rawValue: 28)
    public static let describeConfigs = RequestKind(rawValue: 32)
    public static let alterConfigs = RequestKind(rawValue: 33)
    public static let describeLogDirs = RequestKind(rawValue: 35)
    public static let saslAuthenticate = RequestKind(rawValue: 36)
    public static let createPartitions = RequestKind(rawValue: 37)
    public static let deleteGroups = RequestKind(rawValue: 42)
    public static let electLeaders = RequestKind(rawValue: 43)
    public static let incrementalAlterConfigs = RequestKind(rawValue: 44)
    public static let listPartitionReassignments = RequestKind(rawValue: 46)
    public static let offsetDelete = RequestKind(rawValue: 47)
    public static let describeCluster = RequestKind(rawValue: 60)
    public static let describeProducers = RequestKind(rawValue: 61)
    public static let describeTransactions = RequestKind(rawValue: 65)
    public static let listTransactions = RequestKind(rawValue: 66)
    public static let describeTopicPartitions = RequestKind(rawValue: 75)
}

/// An error of Kafka's protocol by its name, `NOT_LEADER_OR_FOLLOWER` (protocol guide, "Error Codes").
///
/// A literal is checked when the rule it is in is added to a cluster, a computed name at once.
public struct KafkaErrorName: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    public let name: String

    /// Throws `UnknownKafkaErrorName`, which names the nearest ones, if Kafka has no such error.
    public init(named name: String) throws(UnknownKafkaErrorName) {
        self.name = name
        _ = try code()
    }

    public init(stringLiteral name: String) {
        self.name = name
    }

    init(_ code: ErrorCode) {
        name = code.name
    }

    public var description: String { name }

    func code() throws(UnknownKafkaErrorName) -> ErrorCode {
        guard let code = ErrorCode.allCases.first(where: { $0.name == name }) else {
            throw UnknownKafkaErrorName(name: name)
        }
        return code
    }
}

/// A name that is no error of Kafka's.
public struct UnknownKafkaErrorName: Error, Equatable, Sendable, CustomStringConvertible {
    public let name: String
    /// At most three that may have been meant, the nearest first.
    public let nearest: [String]

    init(name: String) {
        self.name = name
        nearest = NearestNames.of(name, among: ErrorCode.allCases.map(\.name))
    }

    public var description: String {
        let meant = nearest.isEmpty ? "" : "; did you mean \(nearest.joined(separator: " or "))?"
        return "Kafka has no error named \"\(name.oneLine)\"\(meant)"
    }
}

/// Finds which names somebody probably meant.
enum NearestNames {
    /// At most three names of which `name` differs in at most a third of its letters, the nearest first.
    ///
    /// Only letters and digits count, in any case: `NotLeaderOrFollower` is `NOT_LEADER_OR_FOLLOWER`.
    static func of(_ name: String, among names: [String]) -> [String] {
        let wanted = letters(name)
        // Comparing takes the product of the lengths, and no name of Kafka's is so long.
        guard !wanted.isEmpty, wanted.count <= 128 else { return [] }
        return names.map { (name: $0, distance: distance(wanted, letters($0))) }
            .filter { $0.distance <= max(1, wanted.count / 3) }
            .sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }
            .prefix(3).map(\.name)
    }

    private static func letters(_ name: String) -> [UInt8] {
        name.utf8.compactMap { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): byte
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte + 32
            default: nil
            }
        }
    }

    /// How many letters must be inserted, deleted or replaced.
    private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var row = Array(0...b.count)
        for (i, letter) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for j in b.indices {
                let replaced = diagonal + (letter == b[j] ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[b.count]
    }
}

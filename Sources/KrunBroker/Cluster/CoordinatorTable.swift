/// Which groups and transactional ids were given a coordinator by hand; that of the others is the leader of the partition of an internal
/// topic (`InternalTopic`) that their hash says.
struct CoordinatorTable {
    enum Kind: Hashable {
        case group
        case transaction
    }

    private struct Key: Hashable {
        let kind: Kind
        let id: String
    }

    private var moved: [Key: Int32] = [:]

    /// Where it was moved to; nil if it never was.
    func moved(_ kind: Kind, _ id: String) -> Int32? { moved[Key(kind: kind, id: id)] }

    /// A broker went down: what was moved to it goes where it would be by itself, and stays there.
    mutating func forget(broker: Int32) {
        moved = moved.filter { $0.value != broker }
    }

    mutating func move(_ kind: Kind, _ id: String, to broker: Int32) {
        moved[Key(kind: kind, id: id)] = broker
    }

    /// The partition of an internal topic that Kafka keeps it in: `abs(id.hashCode()) % count`, where `hashCode` is Java's over
    /// UTF-16 code units and the absolute value of the least number is 0 (`Utils.abs`).
    static func partition(of id: String, among count: Int) -> Int32 {
        var hash: Int32 = 0
        for unit in id.utf16 { hash = hash &* 31 &+ Int32(unit) }
        return (hash == .min ? 0 : abs(hash)) % Int32(count)
    }
}

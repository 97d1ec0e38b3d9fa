/// How many inputs were accepted and refused, by heading.
struct Tally {
    private var counts: [String: (accepted: Int, refused: Int)] = [:]
    private(set) var inputs = 0

    mutating func count(_ verdict: Verdict) {
        inputs += 1
        if verdict.isAccepted {
            counts[verdict.heading, default: (0, 0)].accepted += 1
        } else {
            counts[verdict.heading, default: (0, 0)].refused += 1
        }
    }

    /// A line for each heading, in order.
    var lines: [String] {
        let width = counts.keys.map(\.count).max() ?? 0
        return counts.sorted { $0.key < $1.key }.map { heading, count in
            let name = heading.padded(to: width)
            return "\(name)  \(String(count.accepted).padded(to: 9, left: true)) accepted"
                + "  \(String(count.refused).padded(to: 9, left: true)) refused"
        }
    }
}

extension String {
    fileprivate func padded(to width: Int, left: Bool = false) -> String {
        let padding = String(repeating: " ", count: max(0, width - count))
        return left ? padding + self : self + padding
    }
}

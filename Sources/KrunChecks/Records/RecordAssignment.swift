import KrunOutcome

/// Gives each matcher of a list a record of its own, so that those on one partition are in the order of the list.
struct RecordAssignment {
    /// How many ways are tried; beyond that it is said that it could not be found out.
    private static let patience = 200_000

    /// How far it went.
    enum Result {
        /// Every matcher has a record.
        case found
        /// None of the ways leads beyond so many matchers of the list.
        case stuck(after: Int)
        /// There were too many ways.
        case unknown
    }

    /// Per matcher the records that fit it, by their place in `order`.
    private let fits: [[Int]]
    /// Per record its log, as a number, and where it stands among the records of that log.
    private let places: [(log: Int, position: Int)]
    private let logs: Int
    /// Whether each log's records must be taken without leaving one out.
    private let isWhole: Bool

    /// - Parameters:
    ///   - fits: per matcher the numbers of the records that match.
    ///   - isWhole: whether no record may be left out.
    init(_ records: [RecordOutcome], fits: [[Int]], isWhole: Bool) {
        var numbers: [String: Int] = [:]
        let sorted = records.indices.sorted {
            (records[$0].topic, records[$0].partition, records[$0].offset, $0)
                < (records[$1].topic, records[$1].partition, records[$1].offset, $1)
        }
        var places = Array(repeating: (log: 0, position: 0), count: records.count)
        var counts: [Int] = []
        for index in sorted {
            let log = "\(records[index].topic)/\(records[index].partition)"
            let number = numbers[log] ?? counts.count
            if number == counts.count {
                numbers[log] = number
                counts.append(0)
            }
            places[index] = (number, counts[number])
            counts[number] += 1
        }
        self.fits = fits
        self.places = places
        logs = counts.count
        self.isWhole = isWhole
    }

    func solve() -> Result {
        // Per matcher and log the positions that fit, rising.
        let choices = fits.map { numbers in
            Dictionary(grouping: numbers.map { places[$0] }, by: \.log).mapValues { $0.map(\.position).sorted() }
        }
        var tried = 0
        var furthest = 0
        var seen: Set<[Int]> = []
        // Each entry: how far each log was taken, and how many matchers have a record.
        var ways: [(taken: [Int], matcher: Int)] = [(Array(repeating: 0, count: logs), 0)]
        while let (taken, matcher) = ways.popLast() {
            furthest = max(furthest, matcher)
            if matcher == fits.count { return .found }
            tried += 1
            if tried > Self.patience { return .unknown }
            guard seen.insert(taken + [matcher]).inserted else { continue }
            for (log, positions) in choices[matcher] {
                // The earliest one leaves most to those that follow.
                guard let position = positions.first(where: { $0 >= taken[log] }),
                    !isWhole || position == taken[log]
                else { continue }
                var next = taken
                next[log] = position + 1
                ways.append((next, matcher + 1))
            }
        }
        return .stuck(after: furthest)
    }
}

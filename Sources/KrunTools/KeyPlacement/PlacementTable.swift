import KrunDiagnostics
import KrunPlanning
import KrunReports
import KrunScenario

/// Keys and where partitioners put them, as a table that is written while keys still come: a row for each key and for the partitioners that
/// agree about it.
///
/// The columns are as wide as what came until then needs.
struct PlacementTable {
    private let partitioners: [Partitioner]
    private let counts: [Int]
    private let style: TextStyle
    /// How many cells a line may take; nil for any number.
    private let width: Int?
    private var rows: [[String]] = []
    private var widths: [Int]
    private var hasTitles = false
    private var keyCount = 0
    /// How many keys move, by partitioner and number of partitions.
    private var moved: [Partitioner: [Int]] = [:]
    private var hasEmptyKey = false

    /// - Parameter width: how many cells a line may take: in a table that is wider the lists of partitioners go on in further lines. Nil for
    ///   any number.
    init(_ partitioners: [Partitioner], counts: [Int], style: TextStyle, width: Int? = nil) {
        self.partitioners = partitioners
        self.width = width
        self.counts = counts
        self.style = style
        let titles = Self.titles(counts)
        widths = titles.map { TerminalText.cells($0) }
        // All that hash alike.
        widths[1] = max(widths[1], Padding.widest(of: Self.families(partitioners).map(Self.label)))
    }

    private static func titles(_ counts: [Int]) -> [String] {
        ["key", "partitioner"] + counts.map { "of \($0)" } + ["hash"] + (counts.count > 1 ? ["moves"] : [])
    }

    /// Those that hash alike beside each other, in one list.
    private static func families(_ partitioners: [Partitioner]) -> [[Partitioner]] {
        partitioners.reduce(into: []) { families, partitioner in
            if let last = families.last?.last, last.algorithm == partitioner.algorithm {
                families[families.count - 1].append(partitioner)
            } else {
                families.append([partitioner])
            }
        }
    }

    private static func label(_ partitioners: [Partitioner]) -> String {
        partitioners.map(\.rawValue).joined(separator: ", ")
    }

    var isEmpty: Bool { keyCount == 0 }

    mutating func add(_ placed: PlacedKey) {
        keyCount += 1
        if placed.key.isEmpty { hasEmptyKey = true }
        let key = KeyCell.text(placed.key)
        var rest = placed.answers[...]
        while let first = rest.first {
            let alike = rest.prefix {
                $0.hash == first.hash && $0.partitioner.algorithm == first.partitioner.algorithm
            }
            rest = rest.dropFirst(alike.count)
            add([key, Self.label(alike.map(\.partitioner))] + cells(first))
            for answer in alike { count(answer) }
        }
    }

    private mutating func add(_ row: [String]) {
        for (index, cell) in row.enumerated() { widths[index] = max(widths[index], TerminalText.cells(cell)) }
        rows.append(row)
    }

    private mutating func count(_ answer: PlacedKey.Answer) {
        guard counts.count > 1, answer.hash != nil else { return }
        for index in counts.indices where answer.moves(at: index) == true {
            moved[answer.partitioner, default: Array(repeating: 0, count: counts.count)][index] += 1
        }
    }

    private func cells(_ answer: PlacedKey.Answer) -> [String] {
        let hash = answer.hash.map { number in
            let digits = String(number, radix: 16)
            return "\(answer.partitioner.algorithm ?? "") 0x\(String(repeating: "0", count: 8 - digits.count))\(digits)"
        }
        let partitions = counts.indices.map { index in answer.partitions.map { String($0[index]) } ?? "any" }
        return partitions + [hash ?? "–"] + (counts.count > 1 ? [moves(answer)] : [])
    }

    private func moves(_ answer: PlacedKey.Answer) -> String {
        guard answer.partitions != nil else { return "–" }
        let places = counts.indices.filter { answer.moves(at: $0) == true }.map { String(counts[$0]) }
        return places.isEmpty ? "no" : "at " + places.joined(separator: ", ")
    }

    /// The rows that were added since the last time, with the titles before the first of all.
    mutating func takeText() -> [UInt8] {
        var text: [UInt8] = []
        var widths = widths
        let room = room(in: widths)
        if let room { widths[1] = room }
        if !hasTitles, !rows.isEmpty {
            hasTitles = true
            text += style.dim(line(Self.titles(counts), widths)).utf8
            text.append(UInt8(ascii: "\n"))
        }
        for row in rows {
            let lists = room.map { TextFold.list(row[1], width: $0) } ?? [row[1]]
            for (index, list) in lists.enumerated() {
                var cells = index == 0 ? row : [String](repeating: "", count: row.count)
                cells[1] = list
                text += line(cells, widths).utf8
                text.append(UInt8(ascii: "\n"))
            }
        }
        rows.removeAll(keepingCapacity: true)
        return text
    }

    /// How many cells the lists of partitioners may take; nil where they have as many as they need.
    private func room(in widths: [Int]) -> Int? {
        guard let width else { return nil }
        let excess = widths.reduce(0, +) + 2 * (widths.count - 1) - width
        // The longest name of one, with a comma.
        let least = Padding.widest(of: partitioners.map { $0.rawValue + "," } + [Self.titles(counts)[1]])
        return excess > 0 ? max(least, widths[1] - excess) : nil
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var line = ""
        for (index, cell) in cells.enumerated() {
            if index > 0 { line += "  " }
            if (2..<2 + counts.count).contains(index) {
                line += Padding.left(cell, to: widths[index])
            } else {
                line += index == cells.count - 1 ? cell : Padding.right(cell, to: widths[index])
            }
        }
        while line.last == " " { line.removeLast() }
        return line
    }

    /// What is to be said behind the table: how many keys move, and what `any` means.
    var conclusion: [UInt8] {
        guard !isEmpty else { return [] }
        let lines = (movesText + chanceText).flatMap { TextFold.lines($0, width: width, indent: "  ") }
        return Array((lines.isEmpty ? "" : "\n" + lines.map { style.dim($0) + "\n" }.joined()).utf8)
    }

    private var movesText: [String] {
        guard keyCount > 1 else { return [] }
        return counts.indices.dropFirst().flatMap { index in
            let hashing = partitioners.filter { $0.algorithm != nil }
            let number = { (partitioner: Partitioner) in moved[partitioner]?[index] ?? 0 }
            let groups = Self.families(hashing).flatMap { family in
                Set(family.map(number)).count == 1 ? [family] : family.map { [$0] }
            }
            return groups.map { group in
                let count = number(group[0])
                return "from \(counts[index - 1]) to \(counts[index]) partitions \(Amounts.number(count)) of "
                    + "\(Amounts.number(keyCount)) keys \(count == 1 ? "moves" : "move"): \(Self.label(group))"
            }
        }
    }

    private var chanceText: [String] {
        var reasons: [String] = []
        if partitioners.contains(.random) { reasons.append("random looks at no key") }
        if hasEmptyKey, partitioners.contains(.consistentRandom) {
            reasons.append("consistent_random does not hash an empty key")
        }
        return reasons.map { "any: \($0): a random partition, and the same one for a burst of messages" }
            + (partitioners.contains(.roundRobin)
                ? ["any: round_robin looks at no key: one partition after the other"] : [])
    }
}

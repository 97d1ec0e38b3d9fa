import KrunPlanning
import KrunReports
import KrunScenario

/// A key and where partitioners put it, as a line of JSON.
enum PlacementLine {
    /// Appends the line with its line end.
    ///
    /// The key is written as in the records of `krun consume --output json`. A partition is `null` where it is left to chance.
    static func append(_ placed: PlacedKey, counts: [Int], to line: inout [UInt8]) {
        line += "{\"key\":".utf8
        placed.key.withUnsafeBytes { RecordLine.append($0, to: &line) }
        line += ",\"partitioners\":[".utf8
        for (position, answer) in placed.answers.enumerated() {
            if position > 0 { line.append(UInt8(ascii: ",")) }
            line += "{\"partitioner\":\"\(answer.partitioner.rawValue)\",\"hash\":".utf8
            line += (answer.hash.map { String($0) } ?? "null").utf8
            line += ",\"placements\":[".utf8
            for (index, count) in counts.enumerated() {
                if index > 0 { line.append(UInt8(ascii: ",")) }
                line += "{\"partitions\":\(count),\"partition\":".utf8
                line += (answer.partitions.map { String($0[index]) } ?? "null").utf8
                if index > 0 { line += ",\"moves\":\(answer.moves(at: index).map { "\($0)" } ?? "null")".utf8 }
                line.append(UInt8(ascii: "}"))
            }
            line += "]}".utf8
        }
        line += "]}\n".utf8
    }
}

import KrunDiagnostics

extension JSONIndex {
    /// Makes the tables of the large objects, and finds every name that an object has already.
    ///
    /// - Returns: the first `limit` of them, in the order of the text.
    mutating func findNames(in source: SourceText, limit: Int) -> [Diagnostic] {
        var duplicates: [(second: Int32, first: Int32)] = []
        for object in entries.indices where entries[object].kind == .object && entries[object].count > 1 {
            if entries[object].count >= Self.tableThreshold {
                tabulate(Int32(object), in: source.bytes, &duplicates)
            } else {
                compare(Int32(object), in: source.bytes, &duplicates)
            }
        }
        duplicates.sort { $0.second < $1.second }
        var diagnostics = duplicates.prefix(limit).map { diagnostic($0.second, $0.first, in: source) }
        if duplicates.count > limit {
            diagnostics[limit - 1].notes.append("\(duplicates.count - limit) more duplicate names are not shown")
        }
        return diagnostics
    }

    private mutating func tabulate(
        _ object: Int32, in bytes: [UInt8], _ duplicates: inout [(second: Int32, first: Int32)]
    ) {
        var table: [[UInt8]: Int32] = [:]
        table.reserveCapacity(Int(entries[Int(object)].count))
        for member in children(of: object) {
            let name = Array(name(of: member, in: bytes))
            if let first = table[name] {
                duplicates.append((member, first))
            } else {
                table[name] = member
            }
        }
        tables[object] = table
    }

    private func compare(_ object: Int32, in bytes: [UInt8], _ duplicates: inout [(second: Int32, first: Int32)]) {
        let members = children(of: object)
        let names = members.map { name(of: $0, in: bytes) }
        for second in members.indices.dropFirst() {
            if let first = names[..<second].firstIndex(where: { $0 == names[second] }) {
                duplicates.append((members[second], members[first]))
            }
        }
    }

    private func diagnostic(_ second: Int32, _ first: Int32, in source: SourceText) -> Diagnostic {
        let range = entries[Int(second)].nameRange
        let start = Int(entries[Int(first)].nameStart)
        let name = source.quotedString(range)
        return Diagnostic(
            .invalid, "the name \(name) stands twice in the same object",
            at: source.place(range, path: path(of: second, in: source.bytes)),
            notes: ["it stands first in line \(source.line(of: start)), column \(source.column(of: start))"])
    }
}

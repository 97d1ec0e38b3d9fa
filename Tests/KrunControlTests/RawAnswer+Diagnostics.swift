import KrunJSON

extension RawAnswer {
    /// The diagnostics as they are printed.
    var diagnosticTexts: [String] {
        guard let root = try? JSONDocument.parse(Array(body.utf8), file: "answer").root else { return [] }
        return root["diagnostics"]?.elements.compactMap { $0["text"]?.string } ?? []
    }
}

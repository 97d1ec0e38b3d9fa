import KrunDiagnostics
import KrunJSON

/// What is wrong with a text, a paragraph per error: `line:column+length path`, then title, label and notes.
func summary(_ bytes: [UInt8]) -> String {
    errors(bytes).map { error in
        let place = error.place.map { "\($0.line):\($0.column)+\($0.length) \($0.path)" } ?? "nowhere"
        let label = error.label.isEmpty ? [] : ["^ \(error.label)"]
        let kind = error.kind == .invalid ? [] : ["kind \(error.kind)"]
        return (["\(place): \(error.title)"] + label + error.notes.map { "= \($0)" } + kind)
            .joined(separator: "\n")
    }.joined(separator: "\n")
}

/// All that is wrong with a text; empty when it is JSON.
func errors(_ bytes: [UInt8]) -> [Diagnostic] {
    do {
        _ = try JSONDocument.parse(bytes, file: "a.json")
        return []
    } catch {
        return error.all
    }
}

func parse(_ text: String) throws(Diagnostics) -> JSONNode {
    try JSONDocument.parse(Array(text.utf8), file: "a.json").root
}

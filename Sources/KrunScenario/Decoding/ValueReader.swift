import KrunDiagnostics
import KrunJSON

/// Reads single values. `what` is the field's name; variables are put in before a value is looked at.
final class ValueReader {
    let reporter: Reporter
    let templates: TemplateDecoder
    /// Those beside the scenario; nil where it has no folder.
    var files: FolderFiles?
    /// The values of misspelt fields: what they are was only guessed.
    var guessed: Set<JSONNode.ID> = []

    init(reporter: Reporter) {
        self.reporter = reporter
        templates = TemplateDecoder(reporter: reporter)
    }

    /// Says that a value is of another kind than it should be; not where what it should be is a guess.
    ///
    /// - Parameter subject: what it is, such as `"partitions"` with its quotation marks.
    func mismatch(_ subject: String, _ node: JSONNode, expected: String) {
        guard let value = resolve(node), !guessed.contains(node.id) else { return }
        report(
            "wrong type for \(subject)", because: FaultReason(of: node), at: node.place,
            label: "expected \(expected), found \(value.described)",
            notes: node.string.flatMap { origin(of: $0) }.map { [$0] } ?? [])
    }

    /// What to say of a value that a variable stands for; nil when none does.
    private func origin(of text: String) -> String? {
        let parts = TemplateScanner.mayHoldTemplates(text) ? TemplateScanner.parts(of: text) : []
        guard parts.count == 1, case .template(let name, _) = parts[0],
            let variable = templates.variables[name.filter { $0 != " " }]
        else { return nil }
        return "{{\(variable.name)}} is \(variable.value.described)"
            + (variable.source.map { ", from \($0)" } ?? "")
    }

    /// A text, with its templates replaced by the variables' values.
    func string(_ node: JSONNode, _ what: String, templates: Bool = true) -> String? {
        guard let text = (templates ? resolve(node) : node)?.string else {
            mismatch("\"\(what)\"", node, expected: "a string")
            return nil
        }
        return text
    }

    /// A file that is named, and the name by which errors call it; nil, reported, where it cannot be read.
    func file(_ node: JSONNode, _ what: String, templates: Bool = true) -> (bytes: [UInt8], name: String)? {
        if templates, self.templates.isLate(node) {
            report(
                "the name of a file is known only while the scenario runs", because: .template, at: node.place,
                label: "files are read before it begins")
            return nil
        }
        guard let name = string(node, what, templates: templates) else { return nil }
        do throws(FolderFiles.Fault) {
            guard let files else { throw .noFolder }
            return (try files.bytes(of: name), files.prefix + name)
        } catch {
            report(
                "cannot read the file \(name.quotedForMessage)",
                because: name.isEmpty ? FaultReason(of: node) : .file, at: node.place, label: error.label,
                notes: error.notes)
            return nil
        }
    }

    func boolean(_ node: JSONNode, _ what: String) -> Bool? {
        if templates.isLate(node) { return false }
        guard let value = resolve(node)?.boolean else {
            mismatch("\"\(what)\"", node, expected: "true or false")
            return nil
        }
        return value
    }

    func integer(_ node: JSONNode, _ what: String, _ range: ClosedRange<Int64>) -> Int64? {
        if templates.isLate(node) { return range.lowerBound }
        guard let value = resolve(node)?.integer else {
            if isTooLarge(node) { return nil }
            mismatch("\"\(what)\"", node, expected: "a whole number")
            return nil
        }
        guard range.contains(value) else {
            outOfRange(what, node, range, value)
            return nil
        }
        return value
    }

    /// Whether a value is a whole number that does not fit in 64 bits, which is then said.
    func isTooLarge(_ node: JSONNode) -> Bool {
        guard let value = resolve(node), value.kind == .integer, value.integer == nil else { return false }
        report(
            "\(value.described) does not fit in a 64-bit integer", because: FaultReason(of: node), at: node.place,
            notes: value.id == node.id ? [] : node.string.flatMap { origin(of: $0) }.map { [$0] } ?? [])
        return true
    }

    /// Says that a number is too small or too large.
    func outOfRange(
        _ what: String, _ node: JSONNode, _ range: ClosedRange<Int64>, _ value: Int64,
        because reason: FaultReason? = nil
    ) {
        let expected = value < range.lowerBound ? "\(range.lowerBound) or more" : "at most \(range.upperBound)"
        report(
            "\"\(what)\" is out of range", because: reason ?? FaultReason(of: node), at: node.place,
            label: "expected \(expected), found \(value)")
    }

    /// One of the names of an enumeration.
    func choice<Value: RawRepresentable<String> & CaseIterable & Sendable>(
        _ node: JSONNode, _ what: String, _ type: Value.Type
    ) -> Value? {
        if templates.isLate(node) { return Value.allCases.first }
        guard let text = string(node, what) else { return nil }
        if let value = Value(rawValue: text) { return value }
        unknownName(text, of: "\"\(what)\"", at: node, among: ChoiceForm<Value>.names)
        return nil
    }

    /// Says that a name is none of those there are.
    func unknownName(
        _ name: String, of subject: String, at node: JSONNode, among names: [String]
    ) {
        let nearest = reporter.nearest(to: name, among: names)
        report(
            "\(name.quotedForMessage) is not a value of \(subject)", because: FaultReason(of: node), at: node.place,
            label: nearest.map { "did you mean \"\($0)\"?" } ?? "not one of them",
            notes: nearest == nil ? ["the values of \(subject): \(listed(names))"] : [])
    }

    /// The elements of a list.
    func list(_ node: JSONNode, _ what: String) -> [JSONNode]? {
        guard let value = resolve(node) else { return nil }
        guard value.kind == .array else {
            mismatch("\"\(what)\"", node, expected: "a list")
            return nil
        }
        return value.elements
    }

    /// The members of a map: an object whose names are data.
    func map(_ node: JSONNode, _ what: String) -> [JSONMember]? {
        guard let value = resolve(node) else { return nil }
        guard value.kind == .object else {
            mismatch("\"\(what)\"", node, expected: "an object")
            return nil
        }
        return value.members
    }

    /// A string, or a list of strings; each with its node.
    func strings(_ node: JSONNode, _ what: String) -> [(text: String, node: JSONNode)]? {
        guard let value = resolve(node) else { return nil }
        if let text = value.string { return [(text, node)] }
        guard value.kind == .array else {
            mismatch("\"\(what)\"", node, expected: "a string or a list of strings")
            return nil
        }
        return value.elements.compactMap { element in
            guard let text = resolve(element)?.string else {
                mismatch("an element of \"\(what)\"", element, expected: "a string")
                return nil
            }
            return (text, element)
        }
    }

    func duration(_ node: JSONNode, _ what: String, _ range: ClosedRange<Duration>) -> Duration? {
        if templates.isLate(node) { return range.lowerBound }
        guard let text = resolve(node)?.string else {
            mismatch("\"\(what)\"", node, expected: "a duration such as \"500ms\"")
            return nil
        }
        guard let duration = Units.duration(text) else {
            report(
                "\"\(what)\" is not a duration", because: FaultReason(of: node), at: node.place,
                label: "found \(text.quotedForMessage)",
                notes: ["a duration is a number and a unit, one of us, ms, s, m, h: \"500ms\", \"5s\", \"2m\""])
            return nil
        }
        guard range.contains(duration) else {
            report(
                "\"\(what)\" is out of range", because: .amount, at: node.place,
                label:
                    "expected \(Units.text(range.lowerBound)) to \(Units.text(range.upperBound)), found \(Units.text(duration))"
            )
            return nil
        }
        return duration
    }

    /// Bytes: a whole number, or a string with a unit.
    func size(_ node: JSONNode, _ what: String, _ range: ClosedRange<Int64>) -> Int64? {
        if templates.isLate(node) { return range.lowerBound }
        guard let value = resolve(node) else { return nil }
        guard let text = value.string else {
            if value.kind == .integer { return integer(node, what, range) }
            mismatch("\"\(what)\"", node, expected: "a number of bytes")
            return nil
        }
        guard let bytes = Units.size(text) else {
            report(
                "\"\(what)\" is not a size", because: FaultReason(of: node), at: node.place,
                label: "found \(text.quotedForMessage)",
                notes: ["a size is a number of bytes, or a string such as \"16KiB\" or \"5MB\""])
            return nil
        }
        guard range.contains(bytes) else {
            outOfRange(what, node, range, bytes, because: .amount)
            return nil
        }
        return bytes
    }
}

extension ValueReader: FieldDecoder {
    var reader: ValueReader { self }
}

/// Reads fields of objects, and reports what is wrong with them: what every decoder does.
protocol FieldDecoder {
    var reader: ValueReader { get }
}

extension FieldDecoder {
    var reporter: Reporter { reader.reporter }

    /// Texts and places are made only if they are to be shown.
    func report(
        _ title: @autoclosure () -> String, because reason: @autoclosure () -> FaultReason = .structure,
        at place: @autoclosure () -> Place?, label: @autoclosure () -> String = "",
        notes: @autoclosure () -> [String] = []
    ) {
        reporter.report(
            Diagnostic(.invalid, title(), at: place(), label: label(), notes: notes()), because: reason())
    }

    /// The value that a node stands for: itself, or what its template makes of it; nil, reported, when it is wrong.
    func resolve(_ node: JSONNode) -> JSONNode? { reader.templates.resolve(node) }

    /// The field's value; nil where there is none, or a wrong one, which is reported.
    func read<Value>(_ field: Field<some ReadableForm<Value>>, in fields: Fields) -> Value? {
        fields[field].flatMap { field.form.read($0, named: field.name, by: reader) }
    }

    /// The field's value, where there is none its preset; nil where it is wrong, which is reported.
    func read<Base>(_ field: Field<Preset<Base>>, in fields: Fields) -> Base.Value? {
        guard let node = fields[field] else { return field.form.value }
        return field.form.base.read(node, named: field.name, by: reader)
    }
}

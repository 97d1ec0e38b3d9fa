import KrunJSON

/// Where the value of a path stands in a JSON text.
public enum JSONPathPlace: Hashable, Sendable {
    /// In these bytes, without white space around.
    case found(Range<Int>)
    /// The text is JSON, and has no such value.
    case absent
    /// Wrong or merely rare: read the text as a `JSONDocument` and ask that.
    case unsure
}

extension JSONPath {
    /// Looks for the value of a path in a JSON text that nobody has read yet, without reading it as a tree.
    ///
    /// Where it is sure, the text is one that `JSONDocument` reads, and `first(in:within:)` would find the same. It takes time in proportion to
    /// the text, and allocates nothing. It is never sure of a path that has more than names and indices from 0 on.
    public func place(in text: UnsafeRawBufferPointer) -> JSONPathPlace {
        guard let plain else { return .unsure }
        var range: Range<Int>?
        let isSure = withUnsafeMutablePointer(to: &range) { range in
            plain.find(in: text, into: UnsafeMutableBufferPointer(start: range, count: 1))
        }
        guard isSure else { return .unsure }
        return range.map { .found($0) } ?? .absent
    }
}

/// Paths of names and indices that are looked for together, in one pass through a text.
public struct JSONPathSet: Sendable {
    private let plain: PlainJSONSearch

    /// Nil where one of the paths has more than names and indices from 0 on, or there are none, or more than 64.
    public init?(_ paths: [JSONPath]) {
        let steps = paths.compactMap { JSONPath.plainSteps($0.segments) }
        guard steps.count == paths.count, let plain = PlainJSONSearch(steps) else { return nil }
        self.plain = plain
    }

    /// How many paths there are.
    public var count: Int { plain.count }

    /// Looks for all of them, as `JSONPath.place(in:)` does for one.
    ///
    /// - Parameter ranges: becomes the bytes of each path's value, in the order of the paths; nil for one that is absent. Where it has as many
    ///   elements already, nothing is allocated.
    /// - Returns: whether it is sure; otherwise `ranges` say nothing.
    public func find(in text: UnsafeRawBufferPointer, into ranges: inout [Range<Int>?]) -> Bool {
        if ranges.count != count { ranges = Array(repeating: nil, count: count) }
        return ranges.withUnsafeMutableBufferPointer { plain.find(in: text, into: $0) }
    }
}

public import KrunScenario

/// The bytes of one part of a message, rendered into a buffer that it keeps.
///
/// What is asked for with each message is inlined into the room that sends it: by calls a million messages took a fifth more of a processor.
/// It is public for that: of what is `package` the compiler makes no copies for other rooms where it is generic.
public struct PayloadSource {
    @usableFromInline enum Kind {
        case null
        case constant
        /// Filler whose letters were not drawn, as only their number is asked for, and what is not known yet.
        case undrawn(Int)
        case template(Template)
    }

    @usableFromInline let kind: Kind
    @usableFromInline var buffer: [UInt8]
    /// For what a template draws; nil where nobody knows it.
    @usableFromInline let seed: UInt64?
    /// Milliseconds since 1970, for `{{now}}`; to be kept up by whoever sends.
    @usableFromInline var time: Int64 = 0

    /// Filler letters are drawn from `generator`, once; without one the source can tell sizes only.
    public init(_ payload: PayloadTemplate, drawing generator: inout SeededGenerator?) {
        seed = if case .template(let template) = payload, template.isDrawn { generator?.next() } else { nil }
        switch payload {
        case .null: (kind, buffer) = (.null, [])
        case .constant(let bytes): (kind, buffer) = (.constant, bytes)
        case .template(let template): (kind, buffer) = (.template(template), [])
        case .late: (kind, buffer) = (.undrawn(0), [])
        case .filler(let count):
            if generator == nil {
                (kind, buffer) = (.undrawn(count), [])
            } else {
                (kind, buffer) = (.constant, generator!.letters(count))
            }
        }
    }

    @inlinable public var isConstant: Bool {
        if case .template = kind { false } else { true }
    }

    /// nil when it is null; otherwise the size of what was rendered last.
    @inlinable public var count: Int? {
        switch kind {
        case .null: nil
        case .undrawn(let count): count
        case .constant, .template: buffer.count
        }
    }

    /// Whether `withBytes` lends what would be sent.
    public var isDrawn: Bool {
        switch kind {
        case .undrawn: false
        case .template(let template): (!template.isDrawn || seed != nil) && !(template.usesTime && time == 0)
        case .null, .constant: true
        }
    }

    var usesTime: Bool { if case .template(let template) = kind { template.usesTime } else { false } }

    @inlinable public mutating func render(index: Int64) {
        guard case .template(let template) = kind else { return }
        buffer.removeAll(keepingCapacity: true)
        template.render(index: index, seed: seed ?? 0, time: time, into: &buffer)
    }

    /// Lends the bytes that were rendered last; nil when the payload is null.
    @inlinable public func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer?) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        if case .null = kind { return try body(nil) }
        // `withUnsafeBytes` rethrows untyped errors; the result carries the typed one across.
        let result = buffer.withUnsafeBytes { bytes in
            Swift.Result { () throws(Failure) in try body(bytes) }
        }
        return try result.get()
    }
}

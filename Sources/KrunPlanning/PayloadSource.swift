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
        /// Another one of `choices` for each message: drawn with the seed, or in turn.
        case choice(isDrawn: Bool)
    }

    @usableFromInline let kind: Kind
    @usableFromInline var buffer: [UInt8]
    /// For what a template draws; nil where nobody knows it.
    @usableFromInline let seed: UInt64?
    /// Milliseconds since 1970, for `{{now}}`; to be kept up by whoever sends.
    @usableFromInline var time: Int64 = 0 {
        didSet { for index in choices.indices { choices[index].time = time } }
    }
    @usableFromInline var isNull: Bool
    /// How many bytes the one of the choices has that was rendered last.
    @usableFromInline var chosenCount: Int?
    /// The buffer of the one that was rendered last is in `buffer`, and that of this one in its place.
    private var choices: [PayloadSource] = []
    private var chosen = -1

    /// Filler letters are drawn from `generator`, once; without one the source can tell sizes only.
    public init(_ payload: PayloadTemplate, drawing generator: inout SeededGenerator?) {
        switch payload {
        case .template(let template) where template.isDrawn: seed = generator?.next()
        case .oneOf: seed = generator?.next()
        default: seed = nil
        }
        isNull = false
        switch payload {
        case .null: (kind, buffer, isNull) = (.null, [], true)
        case .constant(let bytes): (kind, buffer) = (.constant, bytes)
        case .template(let template): (kind, buffer) = (.template(template), [])
        case .late: (kind, buffer) = (.undrawn(0), [])
        case .filler(let count):
            if generator == nil {
                (kind, buffer) = (.undrawn(count), [])
            } else {
                (kind, buffer) = (.constant, generator!.letters(count))
            }
        case .cycle(let payloads):
            (kind, buffer) = (.choice(isDrawn: false), [])
            choices = payloads.map { PayloadSource($0, drawing: &generator) }
        case .oneOf(let payloads):
            (kind, buffer) = (.choice(isDrawn: true), [])
            choices = payloads.map { PayloadSource($0, drawing: &generator) }
        }
    }

    @inlinable public var isConstant: Bool {
        switch kind {
        case .template, .choice: false
        case .null, .constant, .undrawn: true
        }
    }

    /// nil when it is null; otherwise the size of what was rendered last.
    @inlinable public var count: Int? {
        switch kind {
        case .null: nil
        case .undrawn(let count): count
        case .constant, .template: buffer.count
        case .choice: chosenCount
        }
    }

    /// Whether `withBytes` lends what would be sent.
    public var isDrawn: Bool {
        switch kind {
        case .undrawn: false
        case .template(let template): (!template.isDrawn || seed != nil) && !(template.usesTime && time == 0)
        case .null, .constant: true
        case .choice(let isDrawn): (!isDrawn || seed != nil) && (chosen < 0 || choices[chosen].isDrawn)
        }
    }

    var usesTime: Bool {
        switch kind {
        case .template(let template): template.usesTime
        case .choice: choices.contains(where: \.usesTime)
        case .null, .constant, .undrawn: false
        }
    }

    @inlinable public mutating func render(index: Int64) {
        switch kind {
        case .template(let template):
            buffer.removeAll(keepingCapacity: true)
            template.render(index: index, seed: seed ?? 0, time: time, into: &buffer)
        case .choice(let isDrawn): renderChoice(index: index, isDrawn: isDrawn)
        case .null, .constant, .undrawn: return
        }
    }

    /// Copies no bytes, but changes buffers.
    @usableFromInline mutating func renderChoice(index: Int64, isDrawn: Bool) {
        if chosen >= 0 { swap(&buffer, &choices[chosen].buffer) }
        chosen =
            isDrawn
            ? PayloadTemplate.drawn(of: choices.count, seed: seed ?? 0, index: index)
            : Int(index % Int64(choices.count))
        choices[chosen].render(index: index)
        chosenCount = choices[chosen].count
        isNull = choices[chosen].isNull
        swap(&buffer, &choices[chosen].buffer)
    }

    /// Lends the bytes that were rendered last; nil when the payload is null.
    @inlinable public func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer?) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        if isNull { return try body(nil) }
        // `withUnsafeBytes` rethrows untyped errors; the result carries the typed one across.
        let result = buffer.withUnsafeBytes { bytes in
            Swift.Result { () throws(Failure) in try body(bytes) }
        }
        return try result.get()
    }
}

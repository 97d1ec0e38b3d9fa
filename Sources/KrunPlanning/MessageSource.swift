public import KrunScenario

/// One message template of a `produce` step, ready to be rendered again and again without allocating.
public struct MessageSource {
    public let count: Int
    public private(set) var key: PayloadSource
    public private(set) var value: PayloadSource
    public private(set) var headers: [(key: String, value: PayloadSource)]
    @usableFromInline let partitionTemplate: NumberTemplate?
    @usableFromInline let timestampTemplate: NumberTemplate?
    /// nil when the partitioner places it.
    public private(set) var partition: Int32?
    /// Milliseconds since 1970; 0 for the time of sending.
    public private(set) var timestamp: Int64 = 0
    /// For what its partition and timestamp draw.
    private let seed: UInt64
    /// Whether it depends on when it is rendered; then `time` is to be set before.
    public let usesTime: Bool
    /// Milliseconds since 1970.
    public var time: Int64 = 0 {
        didSet {
            key.time = time
            value.time = time
            for header in headers.indices { headers[header].value.time = time }
        }
    }

    /// Without a generator the source can tell sizes and, where no filler is the key, places only.
    public init(_ template: MessageTemplate, drawing generator: inout SeededGenerator?) {
        count = template.count
        key = PayloadSource(template.key, drawing: &generator)
        value = PayloadSource(template.value, drawing: &generator)
        headers = template.headers.map { ($0.key, PayloadSource($0.value, drawing: &generator)) }
        partitionTemplate = template.partition
        timestampTemplate = template.timestamp
        let numbers = [template.partition, template.timestamp].compactMap { number -> DrawnNumber? in
            if case .drawn(let number)? = number { number } else { nil }
        }
        seed = numbers.isEmpty ? 0 : generator?.next() ?? 0
        usesTime =
            key.usesTime || value.usesTime || headers.contains { $0.value.usesTime }
            || numbers.contains(where: \.usesTime)
    }

    @inlinable public var placedByPartitioner: Bool { partitionTemplate == nil }
    /// Whether it has nothing but a key and a value.
    @inlinable public var isPlain: Bool { partitionTemplate == nil && timestampTemplate == nil && headers.isEmpty }
    public var hasConstantHeaders: Bool { headers.allSatisfy(\.value.isConstant) }
    /// Bytes of key, value and headers as rendered last.
    @inlinable public var size: Int {
        headers.reduce((key.count ?? 0) + (value.count ?? 0)) { $0 + $1.key.utf8.count + ($1.value.count ?? 0) }
    }

    /// - Throws: when a partition or timestamp expression has no value there, or one that cannot be sent.
    public mutating func render(index: Int64) throws(UnrenderableMessage) {
        key.render(index: index)
        value.render(index: index)
        if !isPlain { try renderRest(index: index) }
    }

    private mutating func renderRest(index: Int64) throws(UnrenderableMessage) {
        for header in headers.indices { headers[header].value.render(index: index) }
        partition = try partitionTemplate.map { (template) throws(UnrenderableMessage) in
            let value = try number(template, index: index, of: "partition")
            guard let partition = Int32(exactly: value), partition >= 0 else {
                throw UnrenderableMessage(field: "partition", index: index, value: value)
            }
            return partition
        }
        timestamp =
            try timestampTemplate.map { (template) throws(UnrenderableMessage) in
                let value = try number(template, index: index, of: "timestamp")
                // librdkafka takes 0 for "now", and anything below for what it is.
                guard Timestamp.range.contains(value) else {
                    throw UnrenderableMessage(field: "timestamp", index: index, value: value)
                }
                return value
            } ?? 0
    }

    private func number(
        _ template: NumberTemplate, index: Int64, of field: String
    ) throws(UnrenderableMessage) -> Int64 {
        switch template {
        case .constant(let value): return value
        case .drawn(let number): return number.value(index: index, seed: seed, time: time) ?? 0
        case .expression(let expression):
            guard let value = expression.value(index: index) else {
                throw UnrenderableMessage(field: field, index: index, value: nil)
            }
            return value
        }
    }
}

/// A generator's expression came to nothing that can be sent.
public struct UnrenderableMessage: Error {
    public let field: String
    public let index: Int64
    /// What it came to; nil when it overflowed or divided by zero.
    public let value: Int64?
}

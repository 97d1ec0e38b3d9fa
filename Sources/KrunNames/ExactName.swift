/// A name as Kafka has it: two are the same when their bytes are.
///
/// To Swift's `==` an é of one scalar and one of two are the same text. To Kafka they are two groups, so whatever is kept by names
/// that users choose is kept by these (`NameMap`).
package struct ExactName: Hashable, Sendable {
    package let text: String

    package init(_ text: String) { self.text = text }

    package static func == (a: ExactName, b: ExactName) -> Bool {
        a.text.utf8.count == b.text.utf8.count && a.text.utf8.elementsEqual(b.text.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        hasher.combine(text.utf8.count)
    }
}

extension ExactName: ExpressibleByStringLiteral {
    package init(stringLiteral text: String) { self.init(text) }
}

extension ExactName: Comparable {
    package static func < (a: ExactName, b: ExactName) -> Bool { a.text.utf8.lexicographicallyPrecedes(b.text.utf8) }
}

/// A dictionary from names that users choose; see `ExactName` for when two are the same.
package struct NameMap<Value> {
    private var storage: [ExactName: Value] = [:]

    package init() {}

    package var isEmpty: Bool { storage.isEmpty }
    package var count: Int { storage.count }
    /// In no order.
    package var keys: [String] { storage.keys.map(\.text) }

    /// In no order; they can be changed in place.
    package var values: Dictionary<ExactName, Value>.Values {
        get { storage.values }
        _modify { yield &storage.values }
    }

    package subscript(name: String) -> Value? {
        get { storage[ExactName(name)] }
        _modify { yield &storage[ExactName(name)] }
    }

    package subscript(name: String, default usual: @autoclosure () -> Value) -> Value {
        get { storage[ExactName(name)] ?? usual() }
        _modify { yield &storage[ExactName(name), default: usual()] }
    }

    package func index(forKey name: String) -> Dictionary<ExactName, Value>.Index? {
        storage.index(forKey: ExactName(name))
    }

    /// Sets the value and returns the one that it replaced.
    @discardableResult
    package mutating func updateValue(_ value: Value, forKey name: String) -> Value? {
        storage.updateValue(value, forKey: ExactName(name))
    }

    @discardableResult
    package mutating func removeValue(forKey name: String) -> Value? { storage.removeValue(forKey: ExactName(name)) }
}

extension NameMap: Sendable where Value: Sendable {}

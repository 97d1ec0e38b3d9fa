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

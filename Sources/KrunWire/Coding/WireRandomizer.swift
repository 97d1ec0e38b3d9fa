package import NIOCore

/// Fills in, with random content, the fields that a version of a message has and leaves the others at their defaults: what
/// tests and the fuzzer send through the other coders.
package struct WireRandomizer<Generator: RandomNumberGenerator>: WireCoder {
    package let isFlexible: Bool
    package private(set) var generator: Generator

    package init(_ generator: Generator, isFlexible: Bool) {
        self.generator = generator
        self.isFlexible = isFlexible
    }

    package mutating func code<Integer: FixedWidthInteger>(_ value: inout Integer) throws(WireError) {
        switch below(4) {
        // Such as an error code that there is.
        case 0, 1: value = Integer(below(100))
        case 2: value = chance(2) ? .min : .max
        default: value = Integer(truncatingIfNeeded: generator.next())
        }
    }

    package mutating func code(_ value: inout String?, nullable: Bool) throws(WireError) {
        value = nullable && chance(4) ? nil : text()
    }

    package mutating func codeFixedLength(_ value: inout String?) throws(WireError) {
        try code(&value, nullable: true)
    }

    package mutating func code(_ value: inout [UInt8]?, nullable: Bool) throws(WireError) {
        value = nullable && chance(4) ? nil : bytes()
    }

    package mutating func codeRecords(_ value: inout ByteBuffer?) throws(WireError) {
        value = chance(4) ? nil : ByteBuffer(bytes: bytes())
    }

    package mutating func codeArray<Element>(
        _ values: inout [Element]?, nullable: Bool, blank: Element,
        _ codeElement: (inout WireRandomizer, inout Element) throws(WireError) -> Void
    ) throws(WireError) {
        if nullable && chance(4) {
            values = nil
            return
        }
        var elements: [Element] = []
        for _ in 0..<below(4) {
            var element = blank
            try codeElement(&self, &element)
            elements.append(element)
        }
        values = elements
    }

    package mutating func codePresence(_ isPresent: Bool) throws(WireError) -> Bool {
        chance(2)
    }

    package mutating func expectDefault(_ isDefault: Bool, _ field: StaticString, version: Int16) throws(WireError) {}

    package mutating func beginTags() throws(WireError) -> TagSection {
        var section = TagSection()
        section.isActive = isFlexible
        return section
    }

    package mutating func beginTag(
        _ tag: Int, _ section: inout TagSection, isDefault: Bool
    ) throws(WireError) -> Bool {
        section.isActive && chance(2)
    }

    package mutating func endTag(_ section: inout TagSection) throws(WireError) {}

    package mutating func endTags(_ section: inout TagSection) throws(WireError) {}

    private mutating func below(_ bound: Int) -> Int {
        Int.random(in: 0..<bound, using: &generator)
    }

    private mutating func chance(_ oneIn: Int) -> Bool {
        below(oneIn) == 0
    }

    /// A length, now and then one that takes two bytes where it is compact.
    private mutating func length() -> Int {
        chance(16) ? 120 + below(200) : below(12)
    }

    private mutating func bytes() -> [UInt8] {
        (0..<length()).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    }

    private mutating func text() -> String {
        let letters: [Character] = ["a", "z", "-", "_", ".", "0", "é", "カ", "🜁", "\u{0}"]
        return String((0..<length()).map { _ in letters[below(letters.count)] })
    }
}

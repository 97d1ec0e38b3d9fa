import KrunJSON
import KrunJSONPath
import KrunPatterns
import KrunScenario

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// A matcher of keys and values, made for being asked a million times: what can be told from the bytes themselves is not copied and not read as a
/// tree of JSON. What it says, `Matcher.accepts(value:within:)` would.
struct ValueTest {
    private enum Plan {
        case null
        /// Exactly these bytes.
        case bytes([UInt8])
        /// A text or bytes that hold these.
        case holds([UInt8])
        case exists(Bool)
        /// `paths`, and what stands at their ends.
        case paths
        case other
    }

    /// What must stand at the end of a path.
    private enum End {
        /// This text of JSON, or, where the other one may mean the same, one that is to be compared; nil for that always.
        case token([UInt8], isOnlySpelling: Bool)
        case exists(Bool)
        case other
    }

    let matcher: Matcher
    private let plan: Plan
    /// Paths of names and indices, and what the text at their ends is to be.
    private let paths: JSONPathSet?
    private let plans: [End]
    /// Texts one of which is missing where no path leads to what is asked for: looked for before anything is read as JSON.
    private let needles: [[UInt8]]
    private let ends: [PathMatcher]
    private var ranges: [Range<Int>?] = []

    init(_ matcher: Matcher) {
        self.matcher = matcher
        var ends: [PathMatcher] = []
        var set: JSONPathSet?
        switch matcher.rule {
        case .equals(let operand):
            if let bytes = operand.textOrBytes {
                plan = .bytes(bytes)
            } else {
                plan = operand.node.isNull ? .null : .other
            }
        case .contains(let operand): plan = operand.textOrBytes.map { .holds($0) } ?? .other
        case .exists(let exists): plan = .exists(exists)
        case .path(let paths):
            ends = paths
            set = JSONPathSet(paths.map(\.path))
            plan = set == nil ? .other : .paths
        default: plan = .other
        }
        self.ends = ends
        paths = set
        plans = ends.map { Self.end($0.matcher) }
        needles = plans.compactMap { end in
            guard case .token(let token, _) = end, token[0] == UInt8(ascii: "\""), token.count > 2,
                !token.contains(UInt8(ascii: "\\"))
            else { return nil }
            return token
        }
    }

    private static func end(_ matcher: Matcher) -> End {
        switch matcher.rule {
        case .exists(let exists): return .exists(exists)
        case .equals(.json(let node)), .json(let node):
            switch node.kind {
            case .null, .boolean: return .token(node.compactText, isOnlySpelling: true)
            // Others may be spelt with escapes, or with an exponent.
            case .string, .integer: return .token(node.compactText, isOnlySpelling: false)
            case .real, .array, .object: return .other
            }
        default: return .other
        }
    }

    /// Whether bytes match; nil is none: a tombstone, or no key.
    ///
    /// - Throws: when a pattern or a path could not be looked for to the end.
    mutating func accepts(
        _ bytes: UnsafeRawBufferPointer?, within budget: PatternBudget
    ) throws(PatternBudget.Stop) -> Bool {
        switch plan {
        case .null: return bytes == nil
        case .exists(let exists): return exists == (bytes != nil)
        case .bytes(let expected): return bytes.map { Self.isSame($0, expected) } ?? false
        case .holds(let part):
            guard let bytes else { return false }
            return part.withUnsafeBytes { ByteSearch.holds(bytes, $0) }
        case .paths:
            guard let bytes, !lacksNeedle(bytes) else { return false }
            guard paths!.find(in: bytes, into: &ranges) else { break }
            for index in plans.indices {
                if try !accepts(index, plans[index], bytes, within: budget) { return false }
            }
            return true
        case .other: break
        }
        return try matcher.accepts(value: bytes.map { Array($0) }, within: budget)
    }

    /// Whether a text that a path must lead to stands nowhere: without an escape it has one spelling only.
    private func lacksNeedle(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard !needles.isEmpty, let start = bytes.baseAddress,
            memchr(start, Int32(UInt8(ascii: "\\")), bytes.count) == nil
        else { return false }
        // From its second byte on: quotation marks are everywhere.
        return needles.contains { needle in
            !needle.withUnsafeBytes { ByteSearch.holds(bytes, UnsafeRawBufferPointer(rebasing: $0[1...])) }
        }
    }

    private func accepts(
        _ index: Int, _ end: End, _ bytes: UnsafeRawBufferPointer, within budget: PatternBudget
    ) throws(PatternBudget.Stop) -> Bool {
        let range = ranges[index]
        let found = range.map { UnsafeRawBufferPointer(rebasing: bytes[$0]) }
        switch end {
        case .exists(let exists): return exists == (found != nil)
        case .token(let token, let isOnlySpelling):
            guard let found else { return false }
            if Self.isSame(found, token) { return true }
            if isOnlySpelling || Self.cannotMean(token, found) { return false }
        case .other: break
        }
        let node = found.flatMap { RecordValue.json(Array($0)) }
        return try ends[index].matcher.accepts(json: node, within: budget)
    }

    /// Whether another spelling cannot mean the same: of a text one without escapes, of a whole number one of digits only.
    private static func cannotMean(_ token: [UInt8], _ found: UnsafeRawBufferPointer) -> Bool {
        let isText = token[0] == UInt8(ascii: "\"")
        guard let first = found.first, (first == UInt8(ascii: "\"")) == isText else { return true }
        if isText { return !token.contains(UInt8(ascii: "\\")) && !found.contains(UInt8(ascii: "\\")) }
        // "-0" and "0" mean the same.
        return found.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") } && first != UInt8(ascii: "0")
    }

    private static func isSame(_ bytes: UnsafeRawBufferPointer, _ expected: [UInt8]) -> Bool {
        guard bytes.count == expected.count else { return false }
        if expected.isEmpty { return true }
        return expected.withUnsafeBytes { memcmp(bytes.baseAddress!, $0.baseAddress!, $0.count) } == 0
    }
}

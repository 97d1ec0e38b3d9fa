/// Looks for values at known places of a JSON text, in one pass that makes no tree and allocates nothing.
///
/// It answers only where `JSONDocument` would read the text, and then the same. What is wrong or merely rare, it leaves to it: the
/// two are not told apart.
package struct PlainJSONSearch: Sendable {
    /// A step from a value to one within.
    package enum Step: Hashable, Sendable {
        /// To the member with that name, in UTF-8.
        case name([UInt8])
        /// To the element at that 0-based position.
        case ordinal(Int)
    }

    /// How many paths are looked for at most.
    package static let maximumPaths = 64

    fileprivate struct PlannedStep: Sendable {
        /// -1 for a name.
        var ordinal: Int
        var name: PlainName
        /// Where the name stands among all names.
        var nameStart: Int
    }

    private let steps: [PlannedStep]
    /// Where the steps of each path begin, and where those of the last one end.
    private let starts: [Int]
    /// The names of all steps.
    private let names: [UInt8]

    /// Nil for no paths, or too many.
    package init?(_ paths: [[Step]]) {
        guard !paths.isEmpty, paths.count <= Self.maximumPaths else { return nil }
        var steps: [PlannedStep] = []
        var starts = [0]
        var names: [UInt8] = []
        for path in paths {
            for step in path {
                switch step {
                case .ordinal(let ordinal):
                    steps.append(PlannedStep(ordinal: ordinal, name: PlainName(word: 0, count: 0), nameStart: 0))
                case .name(let name):
                    let key = name.withUnsafeBufferPointer { PlainName($0) }
                    steps.append(PlannedStep(ordinal: -1, name: key, nameStart: names.count))
                    names += name
                }
            }
            starts.append(steps.count)
        }
        self.steps = steps
        self.starts = starts
        self.names = names
    }

    /// How many paths there are.
    package var count: Int { starts.count - 1 }

    /// Writes where the value of each path stands, in offsets into `bytes`; nil for one that is absent.
    ///
    /// - Parameter ranges: as many as there are paths.
    /// - Returns: whether it is sure; otherwise `ranges` say nothing.
    package func find(in bytes: UnsafeRawBufferPointer, into ranges: UnsafeMutableBufferPointer<Range<Int>?>) -> Bool {
        guard bytes.count <= JSONDocument.sizeLimit, ranges.count == count, let cursor = PlainJSONCursor(bytes) else {
            return false
        }
        for index in ranges.indices { ranges[index] = nil }
        return withUnsafeTemporaryAllocation(of: PlainMember.self, capacity: PlainJSONWalk.maximumMembers) { members in
            steps.withUnsafeBufferPointer { steps in
                starts.withUnsafeBufferPointer { starts in
                    names.withUnsafeBufferPointer { names in
                        var walk = PlainJSONWalk(
                            cursor: cursor, base: cursor.position, steps: steps, starts: starts, names: names,
                            ranges: ranges, members: members)
                        return walk.takeAll()
                    }
                }
            }
        }
    }
}

/// A name by its first eight bytes and its length: most are told apart by that.
struct PlainName: Sendable {
    /// In the order of memory, with zeros behind a shorter name.
    var word: UInt64
    var count: UInt32

    init(word: UInt64, count: Int) {
        self.word = word
        self.count = UInt32(truncatingIfNeeded: count)
    }

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        var word: UInt64 = 0
        for (index, byte) in bytes.prefix(8).enumerated() { word |= UInt64(byte) << UInt64(8 * index) }
        self.init(word: word, count: bytes.count)
    }

    /// One of 64 bits, for sets of names.
    var bit: UInt64 { 1 << (((word ^ UInt64(count)) &* 0x9E37_79B9_7F4A_7C15) >> 58) }
}

/// A name that an object has, and where it stands.
private struct PlainMember {
    var word: UInt64
    var count: UInt32
    var start: UInt32
}

/// One pass through a text.
private struct PlainJSONWalk {
    /// How many names of the open objects are remembered: so many fit into a kilobyte of the stack.
    static let maximumMembers = 64
    /// Beyond this, values within each other are not followed.
    static let maximumDepth = 64

    var cursor: PlainJSONCursor
    let base: UnsafePointer<UInt8>
    let steps: UnsafeBufferPointer<PlainJSONSearch.PlannedStep>
    let starts: UnsafeBufferPointer<Int>
    let names: UnsafeBufferPointer<UInt8>
    let ranges: UnsafeMutableBufferPointer<Range<Int>?>
    let members: UnsafeMutableBufferPointer<PlainMember>
    var memberCount = 0

    /// Sets of paths, a bit each.
    typealias Paths = UInt64

    mutating func takeAll() -> Bool {
        var (below, here): (Paths, Paths) = (0, 0)
        for path in ranges.indices {
            if starts[path] == starts[path + 1] { here |= 1 << Paths(path) } else { below |= 1 << Paths(path) }
        }
        return takeValue(below, here, depth: 0) && cursor.isAtEnd()
    }

    /// - Parameters:
    ///   - below: the paths that lead into this value.
    ///   - here: the paths that end with it.
    private mutating func takeValue(_ below: Paths, _ here: Paths, depth: Int) -> Bool {
        cursor.skipWhiteSpace()
        guard let byte = cursor.next else { return false }
        let start = cursor.position - base
        let isTaken: Bool
        switch byte {
        case UInt8(ascii: "\""): isTaken = cursor.skipString()
        case UInt8(ascii: "{"): isTaken = takeObject(below, depth)
        case UInt8(ascii: "["): isTaken = takeArray(below, depth)
        case UInt8(ascii: "-"), 0x30...0x39: isTaken = cursor.skipNumber()
        default: isTaken = cursor.skipWord()
        }
        guard isTaken else { return false }
        if here != 0 { note(start..<cursor.position - base, for: here) }
        return true
    }

    @inline(never)
    private func note(_ range: Range<Int>, for paths: Paths) {
        var left = paths
        while left != 0 {
            ranges[left.trailingZeroBitCount] = range
            left &= left - 1
        }
    }

    private mutating func takeObject(_ below: Paths, _ depth: Int) -> Bool {
        guard depth < Self.maximumDepth else { return false }
        cursor.advance()
        cursor.skipWhiteSpace()
        if cursor.take(next: UInt8(ascii: "}")) { return true }
        let first = memberCount
        var known: UInt64 = 0
        while true {
            cursor.skipWhiteSpace()
            guard let (name, start) = cursor.takePlainName() else { return false }
            if known & name.bit != 0, isKnown(name, start, from: first) { return false }
            known |= name.bit
            guard memberCount < Self.maximumMembers else { return false }
            members[memberCount] = PlainMember(
                word: name.word, count: name.count, start: UInt32(truncatingIfNeeded: start - base))
            memberCount += 1
            cursor.skipWhiteSpace()
            guard cursor.take(next: UInt8(ascii: ":")) else { return false }
            var (inner, here): (Paths, Paths) = (0, 0)
            var left = below
            while left != 0 {
                let path = left.trailingZeroBitCount
                let step = steps[starts[path] + depth]
                if step.ordinal < 0, step.name.word == name.word, step.name.count == name.count,
                    isSame(start, names.baseAddress! + step.nameStart, Int(name.count))
                {
                    if starts[path] + depth + 1 == starts[path + 1] {
                        here |= 1 << Paths(path)
                    } else {
                        inner |= 1 << Paths(path)
                    }
                }
                left &= left - 1
            }
            guard takeValue(inner, here, depth: depth + 1) else { return false }
            cursor.skipWhiteSpace()
            if cursor.take(next: UInt8(ascii: ",")) { continue }
            memberCount = first
            return cursor.take(next: UInt8(ascii: "}"))
        }
    }

    private mutating func takeArray(_ below: Paths, _ depth: Int) -> Bool {
        guard depth < Self.maximumDepth else { return false }
        cursor.advance()
        cursor.skipWhiteSpace()
        if cursor.take(next: UInt8(ascii: "]")) { return true }
        var ordinal = 0
        while true {
            var (inner, here): (Paths, Paths) = (0, 0)
            var left = below
            while left != 0 {
                let path = left.trailingZeroBitCount
                if steps[starts[path] + depth].ordinal == ordinal {
                    if starts[path] + depth + 1 == starts[path + 1] {
                        here |= 1 << Paths(path)
                    } else {
                        inner |= 1 << Paths(path)
                    }
                }
                left &= left - 1
            }
            guard takeValue(inner, here, depth: depth + 1) else { return false }
            cursor.skipWhiteSpace()
            if cursor.take(next: UInt8(ascii: ",")) {
                ordinal += 1
                continue
            }
            return cursor.take(next: UInt8(ascii: "]"))
        }
    }

    /// Whether an object has the name already.
    private func isKnown(_ name: PlainName, _ start: UnsafePointer<UInt8>, from first: Int) -> Bool {
        for index in first..<memberCount {
            let member = members[index]
            if member.word == name.word, member.count == name.count,
                isSame(start, base + Int(member.start), Int(name.count))
            {
                return true
            }
        }
        return false
    }

    /// Whether two names with the same first eight bytes are the same.
    private func isSame(_ a: UnsafePointer<UInt8>, _ b: UnsafePointer<UInt8>, _ count: Int) -> Bool {
        var index = 8
        while index < count {
            if a[index] != b[index] { return false }
            index += 1
        }
        return true
    }
}

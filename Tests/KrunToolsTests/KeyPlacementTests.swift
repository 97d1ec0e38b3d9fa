import KrunDiagnostics
import KrunPlanning
import KrunScenario
import Testing

@testable import KrunTools

/// What `krun partition` answers, and when.
@Suite("Where keys are placed") struct KeyPlacementTests {
    private static let keys: [[UInt8]] =
        [[], [0], [0, 1, 255], Array("alice".utf8)] + (0..<500).map { Array("key \($0)".utf8) }

    private final class Output {
        var portions: [String] = []
        var text: String { portions.joined() }
    }

    private static func run(
        _ counts: [Int], _ partitioner: Partitioner? = nil, isJSON: Bool = false
    ) -> (KeyPlacementRun, Output) {
        let output = Output()
        var request = KeyPlacementRun.Request(counts: counts)
        request.partitioner = partitioner
        request.isJSON = isJSON
        let run = KeyPlacementRun(request, style: .plain) {
            output.portions.append(String(decoding: $0, as: UTF8.self))
            return true
        }
        return (run, output)
    }

    /// A table that is too wide has the lists of partitioners in several lines; nothing else is folded, and no line has spaces at its end.
    @Test func aTableFitsTheTerminal() throws {
        func table(_ width: Int?) throws -> String {
            var text: [UInt8] = []
            var run = KeyPlacementRun(KeyPlacementRun.Request(counts: [3, 6]), style: .plain, width: width) {
                text += $0
                return true
            }
            try run.place(["alice"])
            return String(decoding: text, as: UTF8.self)
        }
        #expect(
            try table(80) == """
                key    partitioner                         of 3  of 6  hash                moves
                alice  murmur2_random, murmur2,               0     3  murmur2 0x74504595  at 6
                       murmur2_round_robin
                alice  consistent_random, consistent          2     5  crc32 0x278ebc47    at 6
                alice  fnv1a_random, fnv1a                    2     5  fnv1a 0x78ddec19    at 6
                alice  random, round_robin                  any   any  –                   –

                any: random looks at no key: a random partition, and the same one for a burst of
                  messages
                any: round_robin looks at no key: one partition after the other

                """)
        #expect(try table(1_000) == table(nil))
    }

    @Test("every partitioner is asked, and answers as in a scenario")
    func answers() {
        #expect(Set(PlacedKey.order) == Set(Partitioner.allCases))
        for key in Self.keys {
            let placed = PlacedKey(key, PlacedKey.order, counts: [3, 12, 7])
            for answer in placed.answers {
                for (index, count) in [3, 12, 7].enumerated() {
                    let expected = answer.partitioner.partition(forKey: key, partitions: count)
                    #expect(answer.partitions?[index] == expected, "\(answer.partitioner) \(key)")
                }
                #expect((answer.hash == nil) == !answer.partitioner.hashes(key: key))
            }
        }
    }

    @Test("a key moves where its partition is another than with the number before")
    func moves() throws {
        let placed = PlacedKey(Array("alice".utf8), [.murmur2, .random], counts: [3, 6, 12])
        let alice = placed.answers[0]
        // 0x74504595 is 1951417749.
        #expect(alice.partitions == [0, 3, 9])
        #expect((0..<3).map { alice.moves(at: $0) } == [nil, true, true])
        #expect((0..<3).map { placed.answers[1].moves(at: $0) } == [nil, nil, nil])
        let stays = PlacedKey(Array("alice".utf8), [.fnv1a], counts: [6, 12]).answers[0]
        #expect(stays.moves(at: 1) == false)
    }

    @Test(
        "keys are text, hexadecimal digits or base64",
        arguments: [
            ("alice", Array("alice".utf8)), ("", []), ("hex:", []), ("base64:", []), ("hex:0001ff", [0, 1, 255]),
            ("hex:00FF", [0, 255]), ("base64:AAH/", [0, 1, 255]), ("base64:AP8=", [0, 255]), ("base64:/w==", [255]),
            ("HEX:00", Array("HEX:00".utf8)), ("hex", Array("hex".utf8)), ("é", [0xC3, 0xA9]),
        ] as [(String, [UInt8])])
    func written(_ text: String, _ bytes: [UInt8]) throws {
        let read = try Array(text.utf8).withUnsafeBytes { try WrittenKey.bytes(of: $0, line: 1, of: "f") }
        #expect(read == bytes)
    }

    @Test(
        "a key that is none says where",
        arguments: [
            ("hex:0g", 6, "not a hexadecimal digit"), ("hex:001", 7, "a digit is missing after this one"),
            ("hex:é0", 5, "not a hexadecimal digit"), ("hex: 00", 5, "not a hexadecimal digit"),
            ("base64:AA", 9, "= is missing: the letters come in fours"),
            ("base64:A-A=", 9, "not a letter of base64 here"), ("base64:A=A=", 9, "not a letter of base64 here"),
            ("base64:====", 8, "not a letter of base64 here"),
            ("base64:AB==", 11, "its last letter has bits that belong to no byte"),
        ])
    func notWritten(_ text: String, _ column: Int, _ label: String) throws {
        let problem = try #require(throws: Diagnostic.self) {
            try Array(text.utf8).withUnsafeBytes { _ = try WrittenKey.bytes(of: $0, line: 7, of: "f") }
        }
        #expect(problem.kind == .usage)
        #expect(problem.place?.line == 7)
        #expect(problem.place?.column == column)
        #expect(problem.label == label)
    }

    @Test("nothing is written of arguments of which one is no key")
    func arguments() throws {
        var (run, output) = Self.run([3])
        let problems = try #require(throws: Diagnostics.self) { try run.place(["alice", "hex:0", "hex:x"]) }
        #expect(problems.all.map(\.place?.line) == [2, 3])
        #expect(output.text == "")
    }

    @Test("lines are answered as they come", arguments: [false, true])
    func streaming(_ isJSON: Bool) throws {
        var (run, output) = Self.run([3], .murmur2, isJSON: isJSON)
        var portions = ["alice\nbo", "b\ncar", "ol\nda", "ve", ""]
        // What is written by the time that the next portion is asked for.
        var written: [Int] = []
        try run.placeLines(isReady: { false }) { bytes in
            written.append(
                output.text.split(separator: "\n").filter { $0.contains("alice") || $0.contains("bob") }.count)
            let portion = Array(portions.removeFirst().utf8)
            bytes.copyBytes(from: portion)
            return portion.count
        }
        #expect(written == [0, 1, 2, 2, 2])
        #expect(run.count == 4)
        #expect(output.text.contains("dave"))
    }

    /// A table is aligned with what is there already.
    @Test("what comes at once is written at once")
    func alignment() throws {
        var (run, output) = Self.run([3], .murmur2)
        var portions = ["alice\n", "a-longer-key", ""]
        try run.placeLines(isReady: { true }) { bytes in
            let portion = Array(portions.removeFirst().utf8)
            bytes.copyBytes(from: portion)
            return portion.count
        }
        #expect(
            output.portions == [
                """
                key           partitioner  of 3  hash
                alice         murmur2         0  murmur2 0x74504595
                a-longer-key  murmur2         1  murmur2 0x21edc067

                """
            ])
    }

    @Test("no more than 500 keys are kept")
    func portions() throws {
        var (run, output) = Self.run([3], .murmur2, isJSON: true)
        var rest = (0..<1_700).map { "\($0)\n" }.joined().utf8[...]
        try run.placeLines(isReady: { true }) { bytes in
            let portion = rest.prefix(bytes.count)
            bytes.copyBytes(from: portion)
            rest = rest.dropFirst(portion.count)
            return portion.count
        }
        #expect(output.portions.map { $0.split(separator: "\n").count } == [500, 500, 500, 200])
    }

    @Test("who reads no more is not written to any more")
    func readerGone() throws {
        var written = 0
        var reads = 0
        var run = KeyPlacementRun(KeyPlacementRun.Request(counts: [3]), style: .plain) { _ in
            written += 1
            return false
        }
        try run.placeLines(isReady: { false }) { bytes in
            reads += 1
            bytes.copyBytes(from: Array("alice\n".utf8))
            return 6
        }
        #expect(written == 1)
        #expect(reads == 1)
    }
}

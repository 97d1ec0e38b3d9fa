import Testing

@testable import KrunChecks

@Suite struct KeyTableTests {
    @Test func numbersKeysInTheOrderInWhichTheyCome() {
        var table = KeyTable(seed: 1)
        #expect(withBytes("alice") { table.insert($0!) } == 0)
        #expect(withBytes("") { table.insert($0!) } == 1)
        #expect(withBytes("bob") { table.insert($0!) } == 2)
        #expect(withBytes("alice") { table.insert($0!) } == 0)
        #expect(withBytes("carol") { table.find($0!) } == nil)
        #expect(table.count == 3)
        #expect(table.key(0) == Array("alice".utf8))
        #expect(table.key(1) == [])
        #expect(!table.isSampled)
    }

    /// Keys of every length up to 40 that differ in few bytes, against a dictionary.
    @Test func agreesWithADictionary() {
        var random = SeededGenerator(seed: 7)
        var table = KeyTable(seed: 99)
        var plain: [[UInt8]: Int] = [:]
        for _ in 0..<50_000 {
            let length = Int.random(in: 0...40, using: &random)
            var key = [UInt8](repeating: 0, count: length)
            for _ in 0..<2 where length > 0 {
                key[Int.random(in: 0..<length, using: &random)] = UInt8.random(in: 0...30, using: &random)
            }
            let expected = plain[key] ?? plain.count
            plain[key] = expected
            #expect(key.withUnsafeBytes { table.insert($0) } == expected)
        }
        #expect(table.count == plain.count)
        #expect(table.distinctAtLeast == plain.count)
        for (key, number) in plain {
            #expect(key.withUnsafeBytes { table.find($0) } == number)
            #expect(table.key(number) == key)
        }
    }

    /// Beyond the limit a sample stays, the same keys whatever the order, and pinned ones always.
    @Test func keepsASampleBeyondItsLimit() {
        let pinned = Set([Array("key-3".utf8), Array("key-9999".utf8)])
        var table = KeyTable(seed: 5, limit: 1_000, pinned: pinned)
        var numbers: [[UInt8]] = []
        for index in 0..<20_000 {
            let key = Array("key-\(index)".utf8)
            let number = key.withUnsafeBytes { table.insert($0) }
            if let kept = table.kept {
                numbers = kept.map { $0 < numbers.count ? numbers[$0] : key }
                table.kept = nil
            } else if number == numbers.count {
                numbers.append(key)
            }
        }
        #expect(table.isSampled)
        #expect(table.count <= 1_000)
        #expect(table.count > 400)
        #expect(numbers.count == table.count)
        for (number, key) in numbers.enumerated() {
            #expect(table.key(number) == key)
            #expect(key.withUnsafeBytes { table.find($0) } == number)
        }
        #expect(pinned.isSubset(of: numbers))
        #expect(table.distinctAtLeast > 1_000)
        #expect(table.distinctAtLeast <= 20_000)
        var backwards = KeyTable(seed: 5, limit: 1_000, pinned: pinned)
        for index in (0..<20_000).reversed() {
            _ = withBytes("key-\(index)") { backwards.insert($0!) }
            backwards.kept = nil
        }
        #expect(Set((0..<backwards.count).map { backwards.key($0) }) == Set(numbers))
    }
}

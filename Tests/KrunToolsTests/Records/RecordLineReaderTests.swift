import KrunDiagnostics
import KrunJSON
import KrunKafka
import Testing

@testable import KrunScenario
@testable import KrunTools

@Suite(.timeLimit(.minutes(2)))
struct RecordLineReaderTests {
    /// A record as plain values.
    struct Record: Equatable {
        var key: [UInt8]?
        var value: [UInt8]?
        var partition: Int32?
        var timestamp: Int64?
        var headers: [RecordHeader] = []

        init(_ key: String?, _ value: String?, partition: Int32? = nil, timestamp: Int64? = nil) {
            self.key = key.map { Array($0.utf8) }
            self.value = value.map { Array($0.utf8) }
            self.partition = partition
            self.timestamp = timestamp
        }

        init(_ record: InputRecord) {
            (key, value) = record.withKeyAndValue { key, value in (key.map { Array($0) }, value.map { Array($0) }) }
            partition = record.partition
            timestamp = record.timestamp
            headers = record.headers
        }
    }

    private func read(_ line: String) throws -> Record {
        var reader = RecordLineReader()
        try Array(line.utf8).withUnsafeBytes { try reader.read($0, number: 7, of: "<stdin>") }
        return Record(reader.record)
    }

    private func isPlain(_ line: String) -> Bool {
        var reader = RecordLineReader()
        return Array(line.utf8).withUnsafeBytes { reader.readPlain($0) }
    }

    @Test func aRecordAsConsumeWritesIt() throws {
        let line =
            #"{"topic":"orders","partition":2,"offset":5,"timestamp":1700000000000,"key":"alice","value":"espresso","#
            + #""headers":[{"key":"a","value":"b"},{"key":"c","value":null},{"key":"d","value":{"base64":"AP8="}}]}"#
        var expected = Record("alice", "espresso", partition: 2, timestamp: 1_700_000_000_000)
        expected.headers = [RecordHeader("a", [98]), RecordHeader("c", nil), RecordHeader("d", [0, 255])]
        #expect(try read(line) == expected)
        #expect(isPlain(line))
    }

    @Test(arguments: [
        (#"{"key":null,"value":null}"#, Record(nil, nil)),
        (#"{"value":""}"#, Record(nil, "")),
        (#" { "value" : "a" , "key" : "b" } "#, Record("b", "a")),
        (
            #"{"key":"日本","value":"a \"quoted\"\nline \\ \/ \u00e9 \ud83d\ude00 \b\f\r\t"}"#,
            Record("日本", "a \"quoted\"\nline \\ / é 😀 \u{8}\u{C}\r\t")
        ),
        (#"{"value":{"base64":""}}"#, Record(nil, "")),
        (#"{"value":{"base64":"YQ=="},"key":{"base64":"YWI="}}"#, Record("ab", "a")),
        (#"{"value":{"base64":"YWJj"},"headers":[]}"#, Record(nil, "abc")),
        (#"{"value":"a","timestamp":0}"#, Record(nil, "a", timestamp: 0)),
        (
            #"{"topic":"t","partition":1,"key":"k","value":"a","error":"_MSG_TIMED_OUT","reason":"Local: \"late\""}"#,
            Record("k", "a", partition: 1)
        ),
    ])
    func plainOnes(_ line: String, _ record: Record) throws {
        #expect(try read(line) == record)
        #expect(isPlain(line))
    }

    @Test(arguments: [
        (#"{"value":3.10}"#, Record(nil, "3.10")),
        (#"{"value":{ "a" : [1, "b c"] },"key":true}"#, Record("true", #"{"a":[1,"b c"]}"#)),
        (#"{"value":{"hex":"6a6B"}}"#, Record(nil, "jk")),
        (#"{"value":{"base64":"YQ==","a":1}}"#, Record(nil, #"{"base64":"YQ==","a":1}"#)),
        (#"{"v\u0061lue":"a"}"#, Record(nil, "a")),
        (#"{"value":"a","timestamp":null,"partition":null,"offset":null,"headers":null}"#, Record(nil, "a")),
    ])
    func rareOnes(_ line: String, _ record: Record) throws {
        #expect(try read(line) == record)
        #expect(!isPlain(line))
    }

    @Test func headersMayBeAnObject() throws {
        var expected = Record(nil, "a")
        expected.headers = [RecordHeader("b", Array("1.0".utf8)), RecordHeader("c", nil)]
        #expect(try read(#"{"value":"a","headers":{"b":1.0,"c":null}}"#) == expected)
        expected.headers = [RecordHeader("b", nil)]
        #expect(try read(#"{"value":"a","headers":[{"key":"b"}]}"#) == expected)
    }

    private func problems(_ line: String) -> [String] {
        var reader = RecordLineReader()
        do {
            try Array(line.utf8).withUnsafeBytes { try reader.read($0, number: 7, of: "<stdin>") }
            return []
        } catch {
            return ((error as? Diagnostics)?.all ?? []).map {
                let place = $0.place.map { "\($0.file):\($0.line):\($0.column): " } ?? ""
                return place + $0.title + ($0.label.isEmpty ? "" : " (\($0.label))")
                    + $0.notes.map { "; \($0)" }.joined()
            }
        }
    }

    @Test(arguments: [
        ("[1]", ##"<stdin>:7:1: a record is an object (found a list); such as {"key": "alice", "value": "espresso"}"##),
        (
            #"{"key":"a"}"#,
            #"<stdin>:7:1: the record has no "value" ("value" is missing); a tombstone is written "value": null"#
        ),
        (#"{"vlaue":1}"#, #"<stdin>:7:2: unknown field "vlaue" (did you mean "value"?)"#),
        (
            #"{"value":1,"color":1}"#,
            #"<stdin>:7:12: unknown field "color" (not a field of a record); the fields of a record: "#
                + "topic, partition, offset, timestamp, key, value, headers, error, reason"
        ),
        (
            #"{"value":1,"value":2}"#,
            #"<stdin>:7:12: the name "value" stands twice in the same object; it stands first in line 7, column 2"#
        ),
        (#"{"value":1,"topic":2}"#, #"<stdin>:7:20: wrong type for "topic" (expected a string, found the number 2)"#),
        (
            #"{"value":1,"partition":"2"}"#,
            #"<stdin>:7:24: wrong type for "partition" (expected a whole number, found a string "2")"#
        ),
        (#"{"value":1,"partition":-2}"#, #"<stdin>:7:24: "partition" is out of range (expected 0 or more, found -2)"#),
        (
            #"{"value":1,"partition":2147483648}"#,
            #"<stdin>:7:24: "partition" is out of range (expected at most 2147483647, found 2147483648)"#
        ),
        (#"{"value":1,"offset":-2}"#, #"<stdin>:7:21: "offset" is out of range (expected 0 or more, found -2)"#),
        (#"{"value":1,"timestamp":-1}"#, #"<stdin>:7:24: "timestamp" is out of range (expected 0 or more, found -1)"#),
        (
            #"{"value":{"base64":"Y!=="}}"#,
            #"<stdin>:7:22: "base64" does not hold base64 (not a letter of base64)"#
        ),
        (#"{"value":{"base64":7}}"#, #"<stdin>:7:20: wrong type for "base64" (expected a string, found the number 7)"#),
        (
            #"{"value":{"hex":"0"}}"#,
            #"<stdin>:7:18: "hex" does not hold hexadecimal digits (a digit is missing after this one)"#
        ),
        (
            #"{"value":1,"headers":"a"}"#,
            #"<stdin>:7:22: wrong type for "headers" (expected a list of headers or an object, found a string "a")"#
        ),
        (
            #"{"value":1,"headers":[1]}"#,
            "<stdin>:7:23: wrong type for a header (expected an object, found the number 1)"
        ),
        (#"{"value":1,"headers":[{}]}"#, #"<stdin>:7:23: the header has no "key" ("key" is missing)"#),
        (
            #"{"value":1,"headers":[{"key":1}]}"#,
            #"<stdin>:7:30: wrong type for "key" (expected a string, found the number 1)"#
        ),
        (#"{"value":1,"headers":[{"kye":"a"}]}"#, #"<stdin>:7:24: unknown field "kye" (did you mean "key"?)"#),
        (
            #"{"value":1,"headers":[{"key":"a","color":1}]}"#,
            #"<stdin>:7:34: unknown field "color" (not a field of a header); the fields of a header: key, value"#
        ),
        (#"{"value":1"#, "<stdin>:7:1: the object is not closed (its } is missing)"),
        (#"{"value":1}}"#, "<stdin>:7:12: this } closes nothing (remove it)"),
        (
            #"{"value":1} 2"#,
            "<stdin>:7:13: there is text after the end of the JSON value (the end of the line is expected here); "
                + "a line holds one value"
        ),
        ("", "<stdin>:7:1: the line is empty; an object without members is written {}"),
        (
            "  ", "<stdin>:7:1: the line has nothing but white space in it; an object without members is written {}"
        ),
        (
            "\u{FEFF}{}",
            "<stdin>:7:1: the line begins with a byte order mark (remove it); most editors can save a file as \"UTF-8\" rather than \"UTF-8 with BOM\""
        ),
    ])
    func whatIsWrongHasItsPlace(_ line: String, _ problem: String) {
        #expect(problems(line) == [problem])
    }

    @Test func everythingThatIsWrongIsTold() {
        #expect(
            problems(#"{"partition":-1,"offset":"a"}"#) == [
                #"<stdin>:7:14: "partition" is out of range (expected 0 or more, found -1)"#,
                #"<stdin>:7:26: wrong type for "offset" (expected a whole number, found a string "a")"#,
                #"<stdin>:7:1: the record has no "value" ("value" is missing); a tombstone is written "value": null"#,
            ])
    }

    /// Whatever is read as plain, is what the document says.
    @Test func plainLinesAreReadAsDocumentsAre() throws {
        let seeds = [
            #"{"topic":"orders","partition":2,"offset":5,"timestamp":1700000000000,"key":"alice","value":"espresso"}"#,
            #"{"key":"日本é","value":"a \"quoted\"\nline \\ \u00e9 \ud83d\ude00","headers":[{"key":"a","value":"b"}]}"#,
            #" { "value" : {"base64":"YWJj"}, "key" : null , "headers":[] } "#,
        ].map { Array($0.utf8) }
        let pieces = [
            "\"", "\\", "{", "}", "[", "]", ",", ":", "null", "0", "9", ".", "-", "e", "\\u0000", "\\ud83d", "\\u0041",
            "\u{1}", "é", "\"key\":", "\"value\":", "=", " ", "\t", "base64", "😀",
        ].map { Array($0.utf8) }
        var random = SystemlessRandom(state: 4)
        var plain = 0
        for _ in 0..<100_000 {
            var line = seeds[random.below(seeds.count)]
            for _ in 0..<1 + random.below(3) {
                let position = random.below(line.count)
                switch random.below(4) {
                case 0: line.remove(at: position)
                case 1: line.insert(contentsOf: pieces[random.below(pieces.count)], at: position)
                case 2: line[position] = UInt8(random.below(256))
                default:
                    let end = min(line.count, position + random.below(12))
                    line.insert(contentsOf: line[position..<end], at: random.below(line.count))
                }
            }
            var reader = RecordLineReader()
            guard line.withUnsafeBytes({ reader.readPlain($0) }) else { continue }
            plain += 1
            let read = Record(reader.record)
            do {
                let document = try JSONDocument.parse(line, file: "line")
                var reading = RecordDocument(InputRecord())
                let expected = Record(try reading.read(document.root))
                #expect(read == expected, "\(String(decoding: line, as: UTF8.self))")
            } catch {
                Issue.record("read, but wrong: \(String(decoding: line, as: UTF8.self)): \(error)")
            }
        }
        // Otherwise nothing was compared.
        #expect(plain > 5_000)
    }
}

/// The same numbers for the same seed, everywhere.
private struct SystemlessRandom {
    var state: UInt64

    mutating func below(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
    }
}

import KrunKafka
import KrunTools
import Testing

@Suite(.timeLimit(.minutes(1)))
struct RecordTextTests {
    private func line(
        topic: String? = nil, key: [UInt8]?, value: [UInt8]?, offset: Int64? = 12, headers: [RecordHeader] = []
    ) -> String {
        var line: [UInt8] = []
        func with(_ bytes: [UInt8]?, _ body: (UnsafeRawBufferPointer?) -> Void) {
            if let bytes { bytes.withUnsafeBytes { body($0) } } else { body(nil) }
        }
        with(key) { key in
            with(value) { value in
                RecordText.append(
                    topic: topic, partition: 3, offset: offset, key: key, value: value, headers: headers, to: &line)
            }
        }
        return String(decoding: line, as: UTF8.self)
    }

    @Test func aRecordIsALine() {
        #expect(
            line(key: Array("alice".utf8), value: Array("flat white".utf8))
                == "partition 3  offset 12  key alice  value flat white")
        #expect(
            line(topic: "orders", key: nil, value: nil, offset: nil)
                == "orders  partition 3  offset unknown  key (null)  value (null)")
    }

    @Test(arguments: [
        ("", "\"\""), (" a", "\" a\""), ("a ", "\"a \""), ("(null)", "\"(null)\""), ("(a)", "(a)"), ("0x1", "\"0x1\""),
        ("01", "01"), ("\"a", "\"\\\"a\""), ("a\tb", "\"a\\tb\""), ("a\nb", "\"a\\u000Ab\""), ("日本", "日本"),
    ])
    func textIsNotMistaken(_ text: String, _ shown: String) {
        #expect(line(key: nil, value: Array(text.utf8)) == "partition 3  offset 12  key (null)  value \(shown)")
    }

    @Test func bytesAreHexadecimal() {
        #expect(line(key: [0xFF, 0x0A], value: [0x61]) == "partition 3  offset 12  key 0xff0a  value a")
    }

    @Test func headersFollow() {
        let headers = [RecordHeader("source", Array("web".utf8)), RecordHeader("none", nil), RecordHeader("", [])]
        #expect(
            line(key: nil, value: [0x61], headers: headers)
                == "partition 3  offset 12  key (null)  value a  header source=web  header none=(null)  header \"\"=\"\""
        )
    }
}

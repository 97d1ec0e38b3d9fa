import KrunDiagnostics
import Testing

@testable import KrunReports

/// What happens to lines and tables that are wider than the terminal.
@Suite struct TextFoldTests {
    @Test(arguments: [
        ("  invariants: all of them held", 80, ["  invariants: all of them held"]),
        ("  invariants: all of them held", 30, ["  invariants: all of them held"]),
        ("  invariants: all of them held", 29, ["  invariants: all of them", "    held"]),
        ("one  two   three four five six seven", 20, ["one  two   three", "    four five six", "    seven"]),
        // A word that is too long for any line stands alone in one.
        ("a https://example.com/a/long/address b", 24, ["a", "    https://example.com/a/long/address", "    b"]),
        // Two cells each.
        ("東京 大阪 京都 横浜 神戸", 24, ["東京 大阪 京都 横浜 神戸"]),
        ("東京 大阪 京都 横浜 神戸", 23, ["東京 大阪 京都 横浜", "    神戸"]),
        // Too narrow for anything.
        ("one two three four five", 10, ["one two three four five"]),
    ])
    func linesAreBrokenAtSpaces(_ line: String, _ width: Int, _ pieces: [String]) {
        #expect(TextFold.lines(line, width: width, indent: "    ") == pieces)
    }

    @Test func coloursTakeNoCells() {
        let line = "  " + TextStyle.colour.bold("a name in bold letters")
        #expect(TextFold.lines(line, width: 24, indent: "  ") == [line])
        #expect(TextFold.lines(line, width: 23, indent: "  ") == ["  \u{1b}[1ma name in bold", "  letters\u{1b}[0m"])
        #expect(TextFold.lines(line, width: nil, indent: "  ") == [line])
    }

    @Test(arguments: [
        ("orders/0, orders/1, orders/2", 28, ["orders/0, orders/1, orders/2"]),
        ("orders/0, orders/1, orders/2", 27, ["orders/0, orders/1,", "orders/2"]),
        ("orders/0, orders/1, orders/2", 5, ["orders/0,", "orders/1,", "orders/2"]),
        ("", 5, [""]),
    ])
    func listsAreBrokenBehindCommas(_ list: String, _ width: Int, _ pieces: [String]) {
        #expect(TextFold.list(list, width: width) == pieces)
    }

    /// Where that is asked for: a name may be longer than a terminal is wide.
    @Test(arguments: [
        (
            "consume orders-of-the-whole-world as billing", 24,
            ["consume", "    orders-of-the-whole…", "    as billing"]
        ),
        ("orders-of-the-whole-world and more", 24, ["orders-of-the-whole-wor…", "    and more"]),
        ("  注文注文注文注文注文注文 x", 20, ["  注文注文注文注文…", "    x"]),
        (
            "\u{1b}[1morders-of-the-whole-world\u{1b}[0m x", 20,
            ["\u{1b}[1morders-of-the-whole…\u{1b}[0m", "    x"]
        ),
    ])
    func wordsAreCut(_ line: String, _ width: Int, _ pieces: [String]) {
        #expect(TextFold.lines(line, width: width, indent: "    ", cutsWords: true) == pieces)
    }

    @Test(arguments: [
        ("orders/0", 8, "orders/0"),
        ("orders/0", 7, "orde…/0"),
        ("orders-of-the-world/117, ", 16, "orders-of…/117, "),
        ("orders-of-the-world/0 from bob", 23, "orders-of-t…/0 from bob"),
        ("orders-of-the-world/0 from bob", 15, "ord…/0 from bob"),
        ("orders-of-the-world/0 from bob", 14, "orders-of-the…"),
        ("注文注文/3", 7, "注文…/3"),
        ("a/b and more", 8, "a/b and…"),
    ])
    func theNumberOfAPartitionIsNotCut(_ text: String, _ room: Int, _ cut: String) {
        #expect(TextCut.text(text, to: room) == cut)
    }

    @Test func whatIsTooLongForARowIsCut() {
        let key = String(repeating: "k", count: 40)
        let table = TextTable(
            columns: [.init("key", .left), .init("partition"), .init("messages")],
            rows: [[key, "0", "12"], ["short", "1", "3"], [String(repeating: "注", count: 20), "2", "1"]])
        #expect(
            table.lines(.plain, indent: "    ", width: 40).joined(separator: "\n") == """
                    key              partition  messages
                    kkkkkkkkkkkkkk…          0        12
                    short                    1         3
                    注注注注注注注…          2         1
                """)
        let members = TextTable(
            columns: [.init("member"), .init("partitions", .left), .init("moved here", .left)],
            rows: [
                ["ann-of-the-kitchen", "orders-of-the-whole-world/0, orders-of-the-whole-world/11", ""],
                ["bob", "orders-of-the-whole-world/2", "orders-of-the-whole-world/2 from ann"],
            ])
        #expect(
            members.lines(.plain, indent: "  ", width: 50).joined(separator: "\n") == """
                          member  partitions       moved here
                  ann-of-the-ki…  orders-of-t…/0,
                                  orders-of-t…/11
                             bob  orders-of-th…/2  ord…/2 from ann
                """)
        let groups = TextTable(
            columns: [
                .init("partition"), .init("read", group: "the-group-of-the-accounting-department"), .init("lag"),
            ],
            rows: [["0", "10", "0"]])
        #expect(
            groups.lines(.plain, indent: "  ", width: 30).joined(separator: "\n") == """
                               the-group-of-t…
                  partition          read  lag
                          0            10    0
                """)
    }

    @Test func groupsOfColumnsGoOnBelow() {
        let table = TextTable(
            columns: [
                .init("partition"), .init("messages"), .init("read", group: "billing"), .init("lag"),
                .init("read", group: "shipping"), .init("lag"), .init("read", group: "audit"), .init("lag"),
            ],
            rows: [["0", "10", "10", "0", "7", "3", "5", "5"], ["1", "2", "2", "0", "1", "1", "0", "2"]])
        #expect(
            table.lines(.plain, indent: "  ", width: 37).joined(separator: "\n") == """
                                         billing
                  partition  messages    read  lag
                          0        10      10    0
                          1         2       2    0

                               shipping     audit
                  partition    read  lag    read  lag
                          0       7    3       5    5
                          1       1    1       0    2
                """)
        #expect(table.lines(.plain, indent: "  ", width: 60) == table.lines(.plain, indent: "  "))
    }

    @Test func listsInCellsGoOnBelow() {
        let table = TextTable(
            columns: [.init("member"), .init("partitions", .left), .init("messages")],
            rows: [["ann", "orders/0, orders/1, orders/2", "5"], ["bob", "orders/3", "0"]])
        #expect(
            table.lines(.plain, indent: "  ", width: 40).joined(separator: "\n") == """
                  member  partitions           messages
                     ann  orders/0, orders/1,         5
                          orders/2
                     bob  orders/3                    0
                """)
    }
}

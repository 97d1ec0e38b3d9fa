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

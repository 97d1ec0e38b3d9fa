import KrunDiagnostics
import KrunReports
import Testing

/// Diagnostics for GitHub, and for editors.
struct DiagnosticReportTests {
    private static let place = Place(
        file: "scenarios/a.json", line: 3, column: 5, length: 4, path: "$.steps[0]", excerpt: "  { \"x\" }")

    private static let full = Diagnostic(
        .invalid, "unknown verb \"prodce\"", at: place, label: "did you mean \"produce\"?",
        notes: ["100 % sure:\r\n  of it, and: of that", "second"])
    private static let warning = Diagnostic(.warning, "a title", at: place)

    private func annotations(_ diagnostics: [Diagnostic], of file: String? = nil) -> String {
        GitHubAnnotations(heading: "krun check") { $0 == "elsewhere" ? nil : "root/\($0)" }.text(diagnostics, of: file)
    }

    @Test func annotationsAreCommandsOfALine() {
        #expect(
            annotations([Self.full, Self.warning]) == """
                ::error file=root/scenarios/a.json,line=3,endLine=3,col=5,endColumn=8,title=krun check::unknown verb "prodce"%0A\
                did you mean "produce"?%0A100 %25 sure:\\u000D%0A  of it, and: of that%0Asecond
                ::warning file=root/scenarios/a.json,line=3,endLine=3,col=5,endColumn=8,title=krun check::a title

                """)
        #expect(annotations([]) == "")
    }

    @Test func withoutAPlaceTheFileIsNamedWhereItIsKnown() {
        let plain = Diagnostic(.usage, "nothing")
        #expect(annotations([plain]) == "::error title=krun check::nothing\n")
        #expect(annotations([plain], of: "b.json") == "::error file=root/b.json,title=krun check::nothing\n")
        #expect(annotations([plain], of: "elsewhere") == "::error title=krun check::nothing\n")
        var place = Self.place
        place.file = "elsewhere"
        #expect(
            annotations([Diagnostic(.failure, "t", at: place, label: "l")])
                == "::error title=krun check::t%0Aelsewhere:3:5%0Al\n")
    }

    @Test func whatWouldEndAPropertyIsEscaped() {
        let annotations = GitHubAnnotations(heading: "100 %: a, b\u{1B}[m\n::error::x") { $0 }
        var place = Self.place
        place.file = "a,b:c%.json"
        #expect(
            annotations.text([Diagnostic(.invalid, "x\u{85}::y", at: place)])
                == "::error file=a%2Cb%3Ac%25.json,line=3,endLine=3,col=5,endColumn=8,title=100 %25%3A a%2C b\\u001B[m\\u000A%3A%3Aerror%3A%3Ax::x\\u0085::y\n"
        )
    }

    @Test func forEditorsThereIsOneDocument() {
        let text = DiagnosticsJSON.text(
            [
                ("scenarios/a.json", Diagnostics([Self.full], omitted: 0)), ("b.json", nil),
                ("c.json", Diagnostics(Self.warning)),
                (
                    "d.json",
                    Diagnostics([Diagnostic(.invalid, "no file"), Diagnostic(.invalid, "and more")], omitted: 7)
                ),
            ], version: "1.2.3")
        #expect(
            text == #"""
                {
                  "krun": "1.2.3",
                  "format": 1,
                  "totals": {
                    "files": 4,
                    "errors": 9,
                    "warnings": 1
                  },
                  "files": [
                    "scenarios/a.json",
                    "b.json",
                    "c.json",
                    "d.json"
                  ],
                  "diagnostics": [
                    {
                      "file": "scenarios/a.json",
                      "line": 3,
                      "column": 5,
                      "endLine": 3,
                      "endColumn": 9,
                      "path": "$.steps[0]",
                      "severity": "error",
                      "message": "unknown verb \"prodce\"",
                      "label": "did you mean \"produce\"?",
                      "notes": [
                        "100 % sure:\r\n  of it, and: of that",
                        "second"
                      ]
                    },
                    {
                      "file": "scenarios/a.json",
                      "line": 3,
                      "column": 5,
                      "endLine": 3,
                      "endColumn": 9,
                      "path": "$.steps[0]",
                      "severity": "warning",
                      "message": "a title"
                    },
                    {
                      "file": "d.json",
                      "severity": "error",
                      "message": "no file"
                    },
                    {
                      "file": "d.json",
                      "severity": "error",
                      "message": "and more"
                    }
                  ]
                }

                """#)
    }
}

import KrunJSON
import KrunPatterns
import Testing

@testable import KrunJSONPath

/// Neither a path nor a value that others wrote keeps krun busy for ever, or makes it fall.
@Suite(.timeLimit(.minutes(1))) struct BoundsTests {
    private static func nested(_ depth: Int) -> String {
        String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }

    @Test func deepValues() throws {
        let deep = try document(Self.nested(2_000))
        #expect(try JSONPath("$..*").nodes(in: deep, within: PatternBudget()).count == 1_999)
        #expect(try JSONPath("$..[?@ == $[0][0]]").nodes(in: deep, within: PatternBudget()).count == 1)
        #expect(try JSONPath("$[?count(@..*) == 1998]").nodes(in: deep, within: PatternBudget()).count == 1)
        let path = try JSONPath("$" + String(repeating: "[0]", count: 100)).first(in: deep, within: PatternBudget())
        #expect(path?.sourceText.count == 2 * (2_000 - 100))
        let wild = "$" + String(repeating: "[*]", count: 100)
        #expect(try JSONPath(wild).nodes(in: deep, within: PatternBudget()).count == 1)
    }

    @Test func anExplosionEndsWithTheBudget() throws {
        let wide = try document("[" + Array(repeating: "[1,[2,[3,[4]]]]", count: 500).joined(separator: ",") + "]")
        let path = try JSONPath("$[?count($..[*]..[*]..[*]) == count($..*..*..*..*)]")
        let budget = PatternBudget(.milliseconds(50))
        #expect(throws: PatternBudget.Stop.outOfTime) { try path.nodes(in: wide, within: budget) }
        #expect(budget.stop == .outOfTime)
        #expect(budget.used < .seconds(10))
        #expect(throws: PatternBudget.Stop.outOfTime) { try path.first(in: wide, within: budget) }
        let interrupted = PatternBudget { true }
        #expect(throws: PatternBudget.Stop.interrupted) { try path.first(in: wide, within: interrupted) }
    }

    @Test func theFirstIsFoundWithoutTheRest() throws {
        let wide = try document("[" + Array(repeating: "[[[1]]]", count: 2_000).joined(separator: ",") + "]")
        let path = try JSONPath("$..[*]..[*]..[*]")
        #expect(try path.first(in: wide, within: PatternBudget())?.path == "$[0][0][0]")
        #expect(try path.nodes(in: wide, within: PatternBudget(), limit: 3).count == 3)
        #expect(try path.nodes(in: wide, within: PatternBudget(), limit: 0).isEmpty)
    }

    @Test func whatTheValueSaysIsBoundedToo() throws {
        let text = String(repeating: "a", count: 20_000)
        let bomb = try document(
            #"{"t":["\#(text)"],"p":"((a{99}){99})*b","big":"(a{999}){999}","deep":"\#(String(repeating: "(", count: 50_000))"}"#
        )
        for pattern in ["big", "deep", "missing"] {
            #expect(
                try JSONPath("$.t[?search(@, $.\(pattern))]").first(in: bomb, within: PatternBudget()).map(\.path)
                    == nil)
        }
        let budget = PatternBudget(.milliseconds(20))
        let path = try JSONPath("$.t[?search(@, $.p)]")
        #expect(throws: PatternBudget.Stop.outOfTime) { try path.first(in: bomb, within: budget) }
    }

    @Test func manyPatternsOfAValue() throws {
        let many = (0..<3_000).map { #"{"t":"x\#($0)","p":"x\#($0 % 3)"}"# }.joined(separator: ",")
        let path = try JSONPath("$[?match(@.t, @.p)]")
        #expect(
            try path.nodes(in: document("[\(many)]"), within: PatternBudget()).map(\.path) == ["$[0]", "$[1]", "$[2]"])
        let one = try JSONPath("$[?match(@.t, $[2].p) || search(@.t, $[2].p)]")
        #expect(try one.nodes(in: document("[\(many)]"), within: PatternBudget()).count == 1_111)
    }
}

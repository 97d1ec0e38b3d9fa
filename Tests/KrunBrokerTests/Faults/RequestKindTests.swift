import KrunBroker
import Testing

@Suite(.timeLimit(.minutes(1)))
struct RequestKindTests {
    @Test func namesAndNumbers() {
        #expect(RequestKind.produce.rawValue == 0 && RequestKind.produce.name == "Produce")
        #expect(RequestKind.listTransactions.rawValue == 66)
        #expect(RequestKind(name: "endtxn") == .endTxn)
        #expect(RequestKind(name: "EndTransaction") == nil)
        #expect(RequestKind(rawValue: 99).name == "API 99")
        for kind in RequestKind.allKnown { #expect(RequestKind(name: kind.name) == kind) }
        #expect(RequestKind.allKnown.count == 49)
    }
}

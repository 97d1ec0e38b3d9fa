import Testing

@testable import KrunKafka

@Suite(.timeLimit(.minutes(1)))
struct ProduceRetryTests {
    private func line(_ text: String, facility: String = "MSGSET", level: Int = 7) -> ClientLog.Line {
        ClientLog.Line(level: level, facility: facility, text: text, at: .now)
    }

    private let refused =
        "[thrd:127.0.0.1:9092/1]: 127.0.0.1:9092/1: orders [12]: MessageSet with 5 message(s) (MsgId 1, BaseSeq -1) "
        + "encountered error: Broker: Not enough in-sync replicas (actions Retry,MsgNotPersisted)"

    @Test func aLineOfLibrdkafka() throws {
        let retry = try #require(ProduceRetry(line(refused)))
        #expect(retry.topic == "orders")
        #expect(retry.partition == 12)
        #expect(retry.messages == 5)
        #expect(retry.errorName == "NOT_ENOUGH_REPLICAS")
        #expect(retry.errorReason == "Broker: Not enough in-sync replicas")
    }

    @Test func refreshingImpliesSendingAgain() throws {
        let text = refused.replacing("Retry,MsgNotPersisted", with: "Refresh,MsgPossiblyPersisted")
        #expect(ProduceRetry(line(text)) != nil)
        #expect(ProduceRetry(line(text + " [NOT LEADER]")) != nil)
    }

    @Test func anUnknownTextHasNoName() throws {
        let text = refused.replacing("Not enough in-sync replicas", with: "Something new (and strange)")
        let retry = try #require(ProduceRetry(line(text)))
        #expect(retry.errorName == nil)
        #expect(retry.errorReason == "Broker: Something new (and strange)")
    }

    @Test func otherLinesAreNone() {
        #expect(ProduceRetry(line(refused.replacing("Retry,", with: "Permanent,"))) == nil)
        #expect(ProduceRetry(line(refused, facility: "PRODUCE")) == nil)
        #expect(
            ProduceRetry(line("orders [0]: MessageSet with 5 message(s) (MsgId 1, BaseSeq -1) delivered")) == nil)
        let actions = refused.firstRange(of: "(actions Re")!.upperBound
        var text = String(refused[..<actions])
        while !text.isEmpty {
            #expect(ProduceRetry(line(text)) == nil)
            text.removeLast()
        }
    }

    @Test func linesOfTheContextAreKnown() {
        #expect(ProduceRetry.isOfDebugContext(line("", facility: "PRODUCE")))
        #expect(!ProduceRetry.isOfDebugContext(line("", facility: "FAIL", level: 3)))
        #expect(!ProduceRetry.isOfDebugContext(line("", facility: "CONNECT")))
    }
}

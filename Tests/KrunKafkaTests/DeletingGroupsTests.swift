import Testing

@testable import KrunKafka

@Suite struct DeletingGroupsTests {
    private static let nonEmpty = KafkaError(code: 68, activity: "deleting group b")
    private static let refused = KafkaError(code: 30, activity: "deleting groups a, b")
    private static let late = KafkaError(code: -185, activity: "deleting groups a, b")

    /// Attempts that answer one after the other, and the groups each was asked to delete.
    private func delete(
        _ answers: [Result<[String: KafkaError?], KafkaError>], pause: () throws(KafkaError) -> Void = {}
    ) throws(KafkaError) -> (result: [String: KafkaError?], asked: [[String]]) {
        var asked: [[String]] = []
        let result = try AdminClient.deletingAgain(["a", "b"], until: Deadline(after: .seconds(60))) {
            groups throws(KafkaError) in
            asked.append(groups)
            return try answers[asked.count - 1].get()
        } pause: { () throws(KafkaError) in
            try pause()
        }
        return (result, asked)
    }

    @Test func aGroupThatIsNotEmptyIsTriedAgain() throws {
        let (result, asked) = try delete([.success(["a": nil, "b": Self.nonEmpty]), .success(["b": nil])])
        #expect(result == ["a": nil, "b": nil])
        #expect(asked == [["a", "b"], ["b"]])
    }

    @Test func whatWasDeletedStaysWhenALaterAttemptFails() throws {
        let (result, _) = try delete([.success(["a": nil, "b": Self.nonEmpty]), .failure(Self.refused)])
        #expect(result == ["a": nil, "b": Self.refused])
    }

    @Test func whyAGroupIsLeftSaysMoreThanThatTimeIsUp() throws {
        let (result, _) = try delete([.success(["a": nil, "b": Self.nonEmpty]), .failure(Self.late)])
        #expect(result == ["a": nil, "b": Self.nonEmpty])
    }

    @Test func aGroupWhoseAnswerIsLateIsLeftForThatReasonToo() throws {
        let (result, _) = try delete([.success(["a": nil, "b": Self.nonEmpty]), .success(["b": Self.late])])
        #expect(result == ["a": nil, "b": Self.nonEmpty])
    }

    @Test func whatWasDeletedStaysWhenItIsOver() throws {
        let over = KafkaError.cancelled("deleting groups a, b")
        let (result, asked) = try delete([.success(["a": nil, "b": Self.nonEmpty])]) { () throws(KafkaError) in
            throw over
        }
        #expect(result == ["a": nil, "b": over])
        #expect(asked == [["a", "b"]])
    }

    @Test func aFirstAttemptThatFailsIsThrown() {
        #expect(throws: Self.refused) { _ = try delete([.failure(Self.refused)]) }
    }
}

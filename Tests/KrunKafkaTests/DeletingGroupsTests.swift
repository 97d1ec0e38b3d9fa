import KrunNames
import Testing

@testable import KrunKafka

@Suite struct DeletingGroupsTests {
    private static let nonEmpty = KafkaError(code: 68, activity: "deleting group b")
    private static let refused = KafkaError(code: 30, activity: "deleting groups a, b")
    private static let late = KafkaError(code: -185, activity: "deleting groups a, b")

    /// Attempts that answer one after the other, and the groups each was asked to delete.
    private func delete(
        _ groups: [String] = ["a", "b"], answers: [Result<[ExactName: KafkaError?], KafkaError>],
        pause: () throws(KafkaError) -> Void = {}
    ) throws(KafkaError) -> (result: [ExactName: KafkaError?], asked: [[String]]) {
        var asked: [[String]] = []
        let result = try AdminClient.deletingAgain(groups, until: CallDeadline(after: .seconds(60))) {
            groups throws(KafkaError) in
            asked.append(groups)
            return try answers[asked.count - 1].get()
        } pause: { () throws(KafkaError) in
            try pause()
        }
        return (result, asked)
    }

    @Test func aGroupThatIsNotEmptyIsTriedAgain() throws {
        let (result, asked) = try delete(answers: [.success(["a": nil, "b": Self.nonEmpty]), .success(["b": nil])])
        #expect(result == ["a": nil, "b": nil])
        #expect(asked == [["a", "b"], ["b"]])
    }

    /// An é of one scalar and one of two: Swift takes them for the same text.
    @Test func groupsWhoseNamesLookAlikeAreTwo() throws {
        let names = ["caf\u{E9}", "cafe\u{301}"]
        let (result, asked) = try delete(
            names,
            answers: [
                .success(["caf\u{E9}": nil, "cafe\u{301}": Self.nonEmpty]), .success(["cafe\u{301}": Self.nonEmpty]),
                .success(["cafe\u{301}": nil]),
            ])
        #expect(result == ["caf\u{E9}": nil, "cafe\u{301}": nil])
        #expect(
            asked.map { $0.map { Array($0.utf8) } }
                == [names, [names[1]], [names[1]]].map { $0.map { Array($0.utf8) } })
    }

    @Test func whatWasDeletedStaysWhenALaterAttemptFails() throws {
        let (result, _) = try delete(answers: [.success(["a": nil, "b": Self.nonEmpty]), .failure(Self.refused)])
        #expect(result == ["a": nil, "b": Self.refused])
    }

    @Test func whyAGroupIsLeftSaysMoreThanThatTimeIsUp() throws {
        let (result, _) = try delete(answers: [.success(["a": nil, "b": Self.nonEmpty]), .failure(Self.late)])
        #expect(result == ["a": nil, "b": Self.nonEmpty])
    }

    @Test func aGroupWhoseAnswerIsLateIsLeftForThatReasonToo() throws {
        let (result, _) = try delete(answers: [.success(["a": nil, "b": Self.nonEmpty]), .success(["b": Self.late])])
        #expect(result == ["a": nil, "b": Self.nonEmpty])
    }

    @Test func whatWasDeletedStaysWhenItIsOver() throws {
        let over = KafkaError.cancelled("deleting groups a, b")
        let (result, asked) = try delete(answers: [.success(["a": nil, "b": Self.nonEmpty])]) { () throws(KafkaError) in
            throw over
        }
        #expect(result == ["a": nil, "b": over])
        #expect(asked == [["a", "b"]])
    }

    @Test func aFirstAttemptThatFailsIsThrown() {
        #expect(throws: Self.refused) { _ = try delete(answers: [.failure(Self.refused)]) }
    }
}

import KrunKafka
import KrunOutcome
import Testing

@testable import KrunRunner

@Suite(.timeLimit(.minutes(1))) struct CleanerTests {
    @Test func nothingOfOursIsNothingToDo() throws {
        // Nobody listens there: it would be noticed.
        let admin = try AdminClient(properties: ["bootstrap.servers": "127.0.0.1:1"], log: ClientLog())
        #expect(OwnedNames().isEmpty)
        #expect(!OwnedNames(topics: ["orders"]).isEmpty)
        #expect(!OwnedNames(groups: ["billing"]).isEmpty)
        #expect(Cleaner.delete(OwnedNames(), admin: admin) == CleanupOutcome())
    }
}

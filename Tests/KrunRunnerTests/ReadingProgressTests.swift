import KrunScenario
import Testing

@testable import KrunRunner

@Suite struct ReadingProgressTests {
    @Test func theEndIsReachedByPosition() {
        var progress = ReadingProgress(until: .end, starts: [[0, 0]], targets: [[3, 2]])
        #expect(progress.offsetsToRead == 5)
        progress.advance(topic: 0, partition: 0, to: 3)
        #expect(!progress.reachedEnd)
        // A transaction's marker at offset 1: nothing was read there.
        progress.advance(topic: 0, partition: 1, to: 2)
        #expect(progress.reachedEnd)
        #expect(progress.messages == 0)
        #expect(progress.isSatisfied(quiet: .zero))
        #expect(progress.positions == [[3, 2]])
    }

    @Test func countingRecordsNeverReachesTheEnd() {
        var progress = ReadingProgress(until: .end, starts: [[0]], targets: [[3]])
        progress.count(messages: 100)
        #expect(!progress.isSatisfied(quiet: .seconds(1000)))
        #expect(progress.remainingMessages == nil)
    }

    @Test func emptyPartitionsAreAtTheirEndAtOnce() {
        #expect(ReadingProgress(until: .end, starts: [[0, 0], []], targets: [[0, 0], []]).reachedEnd)
        #expect(ReadingProgress(until: .end, starts: [[7]], targets: [[7]]).reachedEnd)
    }

    /// A group that committed further than the end that is waited for has nothing to read.
    @Test func aStartBeyondTheTargetIsDone() {
        let progress = ReadingProgress(until: .end, starts: [[9, 0]], targets: [[7, 0]])
        #expect(progress.reachedEnd)
        #expect(progress.offsetsToRead == 0)
        #expect(progress.positions == [[9, 0]])
    }

    @Test func aPositionNeverGoesBack() {
        var progress = ReadingProgress(until: .end, starts: [[0]], targets: [[3]])
        progress.advance(topic: 0, partition: 0, to: 4)
        #expect(progress.reachedEnd)
        progress.advance(topic: 0, partition: 0, to: 2)
        #expect(progress.positions == [[4]])
        #expect(progress.reachedEnd)
        // Beyond the target, and not closed twice.
        progress.advance(topic: 0, partition: 0, to: 9)
        #expect(progress.positions == [[9]])
        #expect(progress.reachedEnd)
    }

    @Test func partitionsOfSeveralTopicsAreApart() {
        var progress = ReadingProgress(until: .end, starts: [[0], [0, 5]], targets: [[1], [0, 6]])
        progress.advance(topic: 1, partition: 1, to: 6)
        #expect(!progress.reachedEnd)
        progress.advance(topic: 0, partition: 0, to: 1)
        #expect(progress.reachedEnd)
    }

    @Test func messagesAreCountedAndBounded() {
        var progress = ReadingProgress(until: .messages(5), starts: [[0]], targets: [[3]])
        #expect(progress.remainingMessages == 5)
        progress.count(messages: 4)
        progress.advance(topic: 0, partition: 0, to: 4)
        #expect(progress.remainingMessages == 1)
        #expect(!progress.isSatisfied(quiet: .seconds(1000)))
        progress.count(messages: 1)
        #expect(progress.remainingMessages == 0)
        #expect(progress.isSatisfied(quiet: .zero))
        progress.count(messages: 1)
        #expect(progress.remainingMessages == 0)
    }

    @Test func idleIsJudgedByQuietAlone() {
        let progress = ReadingProgress(until: .idle(.seconds(2)), starts: [[0]], targets: [[0]])
        #expect(!progress.isSatisfied(quiet: .milliseconds(1999)))
        #expect(progress.isSatisfied(quiet: .seconds(2)))
        #expect(progress.remainingMessages == nil)
    }

    /// What was there when the step began may be removed before it is read.
    @Test func idleWaitsForWhatWasThereUntilItIsGone() {
        var progress = ReadingProgress(until: .idle(.seconds(2)), starts: [[0]], targets: [[5]])
        #expect(!progress.isSatisfied(quiet: .seconds(2)))
        progress.advance(topic: 0, partition: 0, to: 5)
        #expect(progress.isSatisfied(quiet: .seconds(2)))
    }

    /// Members that are not ours read the others.
    @Test func whatOthersOwnIsNotWaitedFor() {
        var progress = ReadingProgress(until: .end, starts: [[0, 0], [2]], targets: [[3, 2], [6]])
        progress.leaveToOthers(allBut: [(topic: 0, partition: 1)])
        #expect(progress.targets == [[0, 2], [2]])
        #expect(progress.offsetsToRead == 2)
        #expect(!progress.reachedEnd)
        progress.advance(topic: 0, partition: 1, to: 2)
        #expect(progress.reachedEnd)
        // One of theirs comes to us and is read on: nothing is closed twice.
        progress.advance(topic: 0, partition: 0, to: 3)
        #expect(progress.reachedEnd)
        #expect(progress.positions == [[3, 2], [2]])
    }

    @Test func whatWasReadBeforeItWasLeftToOthersStays() {
        var progress = ReadingProgress(until: .end, starts: [[0, 0, 5]], targets: [[3, 2, 5]])
        progress.advance(topic: 0, partition: 0, to: 1)
        progress.advance(topic: 0, partition: 1, to: 4)
        progress.leaveToOthers(allBut: [])
        #expect(progress.positions == [[1, 4, 5]])
        #expect(progress.targets == [[1, 2, 5]])
        #expect(progress.offsetsToRead == 3)
        #expect(progress.reachedEnd)
    }

    @Test func withoutOthersEverythingIsWaitedFor() {
        var progress = ReadingProgress(until: .end, starts: [[0, 0]], targets: [[3, 2]])
        progress.leaveToOthers(allBut: [(topic: 0, partition: 1), (topic: 0, partition: 0)])
        #expect(progress.targets == [[3, 2]])
        #expect(!progress.reachedEnd)
    }
}

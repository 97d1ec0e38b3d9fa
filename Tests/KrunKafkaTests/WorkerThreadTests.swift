import KrunKafka
import Synchronization
import Testing

@Suite struct WorkerThreadTests {
    @Test func joiningWaitsForTheBody() {
        let sum = Mutex(0)
        let threads = (1...4).map { number in
            WorkerThread(name: "a name that is longer than systems allow") {
                for _ in 0..<1000 { sum.withLock { $0 += number } }
            }
        }
        for thread in threads { thread.join() }
        #expect(sum.withLock { $0 } == 10_000)
    }
}

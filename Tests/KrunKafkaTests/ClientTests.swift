import Dispatch
import KrunKafka
import Synchronization
import Testing

@testable import KrunKafka

@Suite struct KafkaLibraryTests {
    @Test func versionNumbersAreTheVersionSplit() {
        let numbers = KafkaLibrary.versionNumbers.map(String.init).joined(separator: ".")
        #expect(KafkaLibrary.version.hasPrefix(numbers))
    }
}

@Suite struct ClientSinkTests {
    /// Whatever order they come in.
    @Test(arguments: [["hunter", "hunter2"], ["hunter2", "hunter"]])
    func noRestOfASecretStays(_ secrets: [String]) {
        let sink = ClientSink(
            log: ClientLog(), properties: ["sasl.password": secrets[0], "ssl.key.password": secrets[1]])
        #expect(sink.clean("login with hunter2, key with hunter") == "login with ***, key with ***")
    }
}

@Suite struct WorkerThreadTests {
    @Test func joiningWaitsForTheBody() throws {
        let sum = Mutex(0)
        let threads = try (1...4).map { number in
            try WorkerThread(name: "a name that is longer than systems allow") {
                for _ in 0..<1000 { sum.withLock { $0 += number } }
            }
        }
        for thread in threads { thread.join() }
        #expect(sum.withLock { $0 } == 10_000)
    }

    @Test func waitingDoesNotJoin() throws {
        let gate = DispatchSemaphore(value: 0)
        let thread = try WorkerThread(name: "waits") { gate.wait() }
        #expect(!thread.wait(for: .milliseconds(20)))
        gate.signal()
        #expect(thread.wait(for: .seconds(20)))
        #expect(thread.wait(for: .zero))
        #expect(thread.join(within: .zero))
    }

    @Test func aThreadThatDoesNotEndIsLeft() throws {
        let (gate, ended) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let thread = try WorkerThread(name: "stays") {
            gate.wait()
            ended.signal()
        }
        #expect(!thread.join(within: .milliseconds(20)))
        gate.signal()
        #expect(ended.wait(timeout: .now() + 20) == .success)
    }

    /// No system has memory for such a stack.
    @Test func aThreadThatCannotStartIsSaid() {
        let error = #expect(throws: WorkerThreadError.self) {
            let thread = try WorkerThread(name: "huge", stackSize: 1 << 60) { Issue.record("it runs") }
            thread.join()
        }
        #expect(error?.thread == "huge")
        #expect(error?.code != 0)
        #expect(error?.description == "starting thread huge: \(error?.reason ?? "")")
    }
}

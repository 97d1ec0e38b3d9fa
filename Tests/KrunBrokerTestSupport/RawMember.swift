import Foundation
import Synchronization

/// A member of a group that says what it likes: it speaks the protocol itself, byte by byte, on a thread of its own.
///
/// It joins again whenever the group rebalances, until it leaves.
package final class RawMember: Sendable {
    package enum Trouble: Error {
        case cannotConnect(Int32)
        case closed
        case refused(Int16)
        case notInTime
    }

    /// What the member sends.
    package struct Words: Sendable {
        /// Its subscription.
        package var subscription: [UInt8]
        /// What it gives every member where it is made the leader.
        package var assignment: [UInt8]
        package var clientID = "stranger"
        package var assignor = "range"
        /// Whether it does not join again when the group rebalances, which holds everybody up.
        package var ignoresRebalances = false

        package init(subscription: [UInt8] = Words.subscription(to: ["orders"]), assignment: [UInt8] = []) {
            self.subscription = subscription
            self.assignment = assignment
        }

        /// As consumers write it, version 0.
        package static func subscription(to topics: [String]) -> [UInt8] {
            var bytes = RawBytes()
            bytes.number(0, bytes: 2)
            bytes.number(topics.count, bytes: 4)
            for topic in topics { bytes.text(topic) }
            bytes.number(-1, bytes: 4)
            return bytes.all
        }

        /// As leaders write it, version 0.
        package static func assignment(of topics: [(topic: String, partitions: [Int32])]) -> [UInt8] {
            var bytes = RawBytes()
            bytes.number(0, bytes: 2)
            bytes.number(topics.count, bytes: 4)
            for (topic, partitions) in topics {
                bytes.text(topic)
                bytes.number(partitions.count, bytes: 4)
                for partition in partitions { bytes.number(Int(partition), bytes: 4) }
            }
            bytes.number(-1, bytes: 4)
            return bytes.all
        }
    }

    private struct State {
        var generations = 0
        var memberID = ""
        var failed: (any Error)?
        var hasEnded = false
    }

    private let words: Words
    private let group: String
    private let state = Mutex(State())
    private let isLeaving = Atomic(false)

    /// Returns once it is a member of a stable group.
    ///
    /// - Parameter port: of the group's coordinator.
    package init(of group: String, port: Int, _ words: Words) throws {
        self.group = group
        self.words = words
        let connection = try RawConnection(port: port, clientID: words.clientID)
        Thread.detachNewThread { [self] in
            do { try run(connection) } catch { state.withLock { $0.failed = error } }
            state.withLock { $0.hasEnded = true }
        }
        try wait { $0.generations > 0 }
    }

    /// The same, without holding the thread of whoever waits.
    package static func joined(_ group: String, port: Int, _ words: Words) async throws -> RawMember {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(with: Result { try RawMember(of: group, port: port, words) })
            }
        }
    }

    package var memberID: String { state.withLock { $0.memberID } }

    /// Leaves the group.
    package func leave() {
        isLeaving.store(true, ordering: .relaxed)
        try? wait { $0.hasEnded }
    }

    private func wait(until isTrue: (State) -> Bool) throws {
        for _ in 0..<4_000 {
            let (isDone, failed) = state.withLock { (isTrue($0), $0.failed) }
            if isDone { return }
            if let failed { throw failed }
            usleep(5_000)
        }
        throw Trouble.notInTime
    }

    private func run(_ connection: RawConnection) throws {
        var generation = 0
        while !isLeaving.load(ordering: .relaxed) {
            if generation == 0 { generation = try join(connection) }
            usleep(20_000)
            let error = try connection.ask(12) { request in
                request.text(group)
                request.number(generation, bytes: 4)
                request.text(memberID)
            } read: {
                try $0.number(bytes: 2)
            }
            if error != 0, error != 27 || !words.ignoresRebalances { generation = 0 }
            if error == 25 { state.withLock { $0.memberID = "" } }
        }
        _ = try connection.ask(13) { request in
            request.text(group)
            request.text(memberID)
        } read: {
            try $0.number(bytes: 2)
        }
    }

    /// - Returns: the generation.
    private func join(_ connection: RawConnection) throws -> Int {
        while true {
            let (joinError, generation, members) = try connection.ask(11) { request in
                request.text(group)
                request.number(60_000, bytes: 4)
                request.text(memberID)
                request.text("consumer")
                request.number(1, bytes: 4)
                request.text(words.assignor)
                request.bytes(words.subscription)
            } read: { answer in
                let error = try answer.number(bytes: 2)
                let generation = try answer.number(bytes: 4)
                _ = try answer.text()
                let leader = try answer.text()
                let id = try answer.text()
                if error == 0 { state.withLock { $0.memberID = id } }
                let members = try (0..<max(0, answer.number(bytes: 4))).map { _ in
                    let member = try answer.text()
                    _ = try answer.blob()
                    return member
                }
                return (error, generation, leader == id ? members : [])
            }
            guard joinError == 0 else { throw Trouble.refused(Int16(joinError)) }
            let syncError = try connection.ask(14) { request in
                request.text(group)
                request.number(generation, bytes: 4)
                request.text(memberID)
                request.number(members.count, bytes: 4)
                for member in members {
                    request.text(member)
                    request.bytes(words.assignment)
                }
            } read: {
                try $0.number(bytes: 2)
            }
            if syncError == 0 {
                state.withLock { $0.generations += 1 }
                return generation
            }
            guard syncError == 27 || syncError == 22 else { throw Trouble.refused(Int16(syncError)) }
        }
    }
}

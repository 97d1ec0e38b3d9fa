import Dispatch
import Foundation

extension Pipe {
    /// Whether there is something to read, or the end, within this time. Blocks none of the few threads that all tests share.
    func hasSomething(within patience: Duration) async -> Bool {
        let descriptor = fileHandleForReading.fileDescriptor
        let milliseconds = Int32(patience / .milliseconds(1))
        return await withCheckedContinuation { continuation in
            DispatchQueue(label: "readiness").async {
                var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                continuation.resume(returning: poll(&request, 1, milliseconds) == 1)
            }
        }
    }
}

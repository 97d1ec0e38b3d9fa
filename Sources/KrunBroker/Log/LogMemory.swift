/// The memory that all logs of a cluster share: a bound, and what is taken of it.
///
/// It counts whole chunks, so what is reserved and not yet filled is in it.
package final class LogMemory {
    /// In bytes. May be lowered below `used`: then nothing more is given, and nothing is taken back.
    package var limit: Int
    /// In bytes.
    package private(set) var used = 0

    package init(limit: Int = .max) {
        self.limit = limit
    }

    /// Takes so many bytes of the budget; false when they are not there, and then nothing is taken.
    func reserve(_ bytes: Int) -> Bool {
        guard bytes <= limit - used else { return false }
        used += bytes
        return true
    }

    func giveBack(_ bytes: Int) {
        used -= bytes
    }
}

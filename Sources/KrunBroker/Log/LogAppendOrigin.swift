/// Who writes to a log, which decides how much is checked.
package enum LogAppendOrigin: Sendable {
    /// A Produce request: everything is checked.
    case client
    /// The broker's own group coordinator, which writes without sequences: they are not checked.
    case coordinator
}

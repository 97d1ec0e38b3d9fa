/// Who writes to a log, which decides how much is checked.
package enum LogAppendOrigin: Sendable {
    /// A Produce request: everything is checked.
    case client
    /// The broker's own group or transaction coordinator: control batches are allowed, sequences are not checked.
    case coordinator
}

/// What looking after a log did.
package struct LogMaintenance: Equatable, Sendable {
    /// Retention moved the log start offset.
    package var deletedSegments = false
    /// Compaction rewrote segments.
    package var compacted = false

    package init(deletedSegments: Bool = false, compacted: Bool = false) {
        self.deletedSegments = deletedSegments
        self.compacted = compacted
    }
}

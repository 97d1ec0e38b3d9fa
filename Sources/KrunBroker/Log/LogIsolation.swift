/// How far a reader may see.
package enum LogIsolation: Sendable {
    /// `read_uncommitted`: what every in-sync replica has.
    case highWatermark
    /// `read_committed`: what no open transaction can still change.
    case lastStable
    /// Everything, as a replica sees it.
    case logEnd
}

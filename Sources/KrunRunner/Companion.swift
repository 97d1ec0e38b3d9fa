public import KrunConnection
public import KrunDiagnostics
public import KrunOutcome
import Synchronization

/// What runs beside a scenario's steps though no file says so: somebody's own service, which only who calls krun can name.
public protocol Companion: Sendable {
    /// Starts it, and returns once it is ready. Topics and groups are there already.
    ///
    /// - Parameters:
    ///   - bootstrap: the addresses of the cluster that the scenario runs on.
    ///   - file: the scenario's, as the user named it.
    ///   - interruption: ends the waiting; then `interrupted` is thrown or something is returned, as it comes.
    ///   - ended: called, once, when it ends without having been told to.
    /// - Throws: why it does not run; then nothing of it is left.
    func start(
        at bootstrap: String, of file: String, interruption: Interruption, ended: @escaping @Sendable () -> Void
    ) throws(Diagnostic) -> any RunningCompanion
}

public protocol RunningCompanion: Sendable {
    /// What it is told of with, such as `the command ended before the last step: exit code 3`; nil while it lives.
    var earlyEnd: Diagnostic? { get }

    /// Ends it, waits for its end, and says what became of it.
    func end() -> ProgramOutcome
}

/// The companion of one execution: nothing where there is none.
final class CompanionSeat: Sendable {
    private let companion: (any Companion)?
    private let running = Mutex<(any RunningCompanion)?>(nil)
    /// Requested by whoever wants the end of the run, and when the companion has ended.
    let interruption: Interruption
    private let outer: Interruption

    init(_ companion: (any Companion)?, within outer: Interruption) {
        self.companion = companion
        self.outer = outer
        interruption = companion == nil ? outer : Interruption(within: outer)
    }

    func start(on cluster: any Cluster, of file: String) throws(RunStop) {
        guard let companion else { return }
        do {
            let started = try companion.start(
                at: cluster.outcome.address, of: file, interruption: interruption,
                ended: { [interruption] in interruption.request() })
            running.withLock { $0 = started }
        } catch {
            throw .trouble(error)
        }
    }

    /// Why the steps were not run to their end, where nobody wanted that; nil where there is no companion or it lives.
    var earlyEnd: Diagnostic? { outer.isRequested ? nil : running.withLock { $0 }?.earlyEnd }

    /// Ends it. - Returns: nil where it was never started.
    func end() -> ProgramOutcome? { running.withLock { $0 }?.end() }
}

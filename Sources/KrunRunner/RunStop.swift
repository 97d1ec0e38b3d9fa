import KrunDiagnostics

/// Why a scenario cannot go on.
enum RunStop: Error {
    /// Somebody asked for the end of the run.
    case interrupted
    /// A run-time trouble; steps stop after it.
    case trouble(Diagnostic)
    /// The broker or librdkafka at hand cannot do what the scenario needs; the reason.
    case unsupported(String)

    var isInterruption: Bool { if case .interrupted = self { true } else { false } }
}

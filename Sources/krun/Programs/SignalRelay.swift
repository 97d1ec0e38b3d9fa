import Synchronization

/// Keeps signals until there is a program that they are for.
final class SignalRelay: Sendable {
    private enum State {
        case waiting([Int32])
        case connected(ChildProgram)
    }

    private let state = Mutex(State.waiting([]))

    /// From now on signals go to the program, those that came before first of all.
    func connect(_ program: ChildProgram) {
        state.withLock { state in
            if case .waiting(let signals) = state { signals.forEach(program.send) }
            state = .connected(program)
        }
    }

    func send(_ signal: Int32) {
        state.withLock { state in
            switch state {
            case .waiting(let signals): state = .waiting(signals + [signal])
            case .connected(let program): program.send(signal)
            }
        }
    }
}

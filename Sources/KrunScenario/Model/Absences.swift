/// How members of a group go without a word in a scenario, so that the group has to notice it by itself.
public struct Absences: OptionSet, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// A session ends: of who crashes, is not heard, or is static and may stay away.
    public static let session = Absences(rawValue: 1)
    /// Somebody does not poll.
    public static let poll = Absences(rawValue: 2)
}

extension Scenario {
    /// By the names of groups in the file; one whose members all say that they leave is not there.
    public var absences: [String: Absences] {
        var absences: [String: Absences] = [:]
        for step in allSteps {
            switch step.action {
            case .group(let group):
                if group.isStatic == true { absences[group.group, default: []].insert(.session) }
                switch group.change {
                case .none, .members: break
                case .crash: absences[group.group, default: []].insert(.session)
                case .stall: absences[group.group, default: []].formUnion([.session, .poll])
                }
            case .fault(let fault):
                if case .loseHeartbeats(let requests) = fault.fault, let group = requests.group {
                    absences[group, default: []].insert(.session)
                }
            default: break
            }
        }
        return absences
    }
}

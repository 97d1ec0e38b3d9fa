/// The names of one execution of a scenario on a broker that others use too.
///
/// A suffix `-krun-<base36 unix seconds>-<8 random letters and digits>` keeps reruns, other files and parallel jobs
/// apart, and tells the age and the origin of whatever a killed run leaves behind.
public struct RunNames: Sendable {
    /// Empty where the file's names are used as they are.
    public let suffix: String

    public static let exact = RunNames(suffix: "")

    /// Names for an execution that starts at that time.
    public static func fresh(secondsSince1970 seconds: Int64) -> RunNames {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz0123456789")
        let random = String((0..<8).map { _ in alphabet.randomElement()! })
        return RunNames(suffix: "-krun-\(String(seconds, radix: 36))-\(random)")
    }

    public func actual(_ name: String) -> String { name + suffix }

    /// 2026-01-01: no run is older, so an older time in a name is chance.
    private static let firstRun: Int64 = 1_767_225_600

    /// When the execution that made this name started, in seconds since 1970; nil when no execution of krun made it.
    public static func secondsSince1970(of actualName: String) -> Int64? {
        guard
            let match = actualName.wholeMatch(of: /.+-krun-([0-9a-z]{6,7})-[0-9a-z]{8}/),
            let seconds = Int64(match.output.1, radix: 36), seconds >= firstRun
        else { return nil }
        return seconds
    }
}

/// What a program that ran beside a scenario's steps has said, and how it ended.
public struct ProgramOutcome: Hashable, Sendable {
    /// Its last lines, without line ends: stdout and stderr as they came.
    public var lines: [String]
    /// How many lines it said before these.
    public var omitted: Int
    /// Such as `exit code 3` or `signal 9`; nil where it lived until the scenario ended.
    public var ending: String?

    public init(lines: [String], omitted: Int = 0, ending: String? = nil) {
        self.lines = lines
        self.omitted = omitted
        self.ending = ending
    }
}

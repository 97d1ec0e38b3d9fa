/// What the scenario of this package is about: who runs, and how many laps.
public struct Athlete: Sendable {
    public let name: String
    public let laps: Int

    public init(name: String, laps: Int) {
        self.name = name
        self.laps = laps
    }
}

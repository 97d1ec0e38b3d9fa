/// Which step of a scenario: `2` is the second of its steps, `2.1.3` the third of the first list in it.
public struct StepPath: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// From 1 on, the outermost first; never empty.
    public let numbers: [Int]

    /// - Parameter number: of a step of the scenario itself.
    public init(_ number: Int) {
        numbers = [number]
    }

    private init(_ numbers: [Int]) {
        self.numbers = numbers
    }

    /// Of a step, or of a list of steps, within this one.
    public func appending(_ number: Int) -> StepPath { StepPath(numbers + [number]) }

    /// As people count it.
    public var description: String { numbers.map(String.init).joined(separator: ".") }

    /// In the order of the file: what holds others stands before them.
    public static func < (one: StepPath, other: StepPath) -> Bool {
        one.numbers.lexicographicallyPrecedes(other.numbers)
    }

    /// Where a step of a scenario of so many stands: `step 2 of 5`, `step 2.1.3`; with 0, where nobody knows how many there will be, `step 2`.
    public func position(of count: Int) -> String {
        numbers.count == 1 && count > 0 ? "step \(self) of \(count)" : "step \(self)"
    }

    /// What everything random in the step is drawn with: another number for each step of each scenario's seed.
    ///
    /// Each number is mixed in as SplitMix64 mixes its state, so that neighbouring seeds and steps have nothing in common.
    public func seed(from seed: UInt64) -> UInt64 {
        numbers.reduce(Self.mixed(seed)) { Self.mixed($0 ^ UInt64(truncatingIfNeeded: $1)) }
    }

    private static func mixed(_ value: UInt64) -> UInt64 {
        var mixed = value &+ 0x9e37_79b9_7f4a_7c15
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

/// The command line.
struct Options {
    var seed: UInt64 = 1
    var from = 0
    var inputs = 100_000
    var corpus: String?
    var lastInput = "krun-fuzz.last"
    var writesCorpus = false

    static let usage = """
        usage: krun-fuzz [--seed S] [--from N] [--inputs N] [--corpus FOLDER] [--last FILE]
               krun-fuzz --write-corpus --corpus FOLDER

        Input N of seed S is the same on every run with the same corpus. FILE always says which input is being run,
        as the options that run it alone.
        """

    /// - Returns: nil if the arguments make no sense.
    init?(_ arguments: some Sequence<String>) {
        var rest = Array(arguments)[...]
        while let name = rest.popFirst() {
            if name == "--write-corpus" {
                writesCorpus = true
                continue
            }
            guard let value = rest.popFirst() else { return nil }
            switch name {
            case "--seed": guard let number = UInt64(value) else { return nil }; seed = number
            case "--from": guard let number = Int(value), number >= 0 else { return nil }; from = number
            case "--inputs": guard let number = Int(value), number >= 0 else { return nil }; inputs = number
            case "--corpus": corpus = value
            case "--last": lastInput = value
            default: return nil
            }
        }
    }
}

import Foundation

guard let options = Options(CommandLine.arguments.dropFirst()), !options.writesCorpus || options.corpus != nil else {
    print(Options.usage)
    exit(1)
}

let corpus = options.corpus.map { Corpus($0) }
if options.writesCorpus, let corpus {
    for target in allTargets { try corpus.write(target, seed: options.seed) }
    exit(0)
}

let fuzzer = try Fuzzer(seed: options.seed, corpus: corpus)
let lastInput = try LastInput(path: options.lastInput)
var tally = Tally()
let start = ContinuousClock.now
for number in options.from..<options.from + options.inputs {
    lastInput.note(seed: options.seed, input: number)
    tally.count(fuzzer.run(number))
}
let seconds = (ContinuousClock.now - start) / .seconds(1)

tally.lines.forEach { print($0) }
print("\(tally.inputs) inputs in \(Int(seconds)) s, \(Int(Double(tally.inputs) / max(seconds, 0.001))) a second")
// Sanitizers end the process without it.
fflush(nil)

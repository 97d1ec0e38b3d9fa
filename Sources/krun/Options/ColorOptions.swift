import ArgumentParser

struct ColorOptions: ParsableArguments {
    @Option(
        name: .customLong("color"),
        help: ArgumentHelp(
            "Colour: auto (on a terminal, unless NO_COLOR is set), always or never.", valueName: "when"))
    var choice: Console.ColorChoice = .auto
}

extension Console.ColorChoice: ExpressibleByArgument {}

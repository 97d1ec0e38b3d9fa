import ArgumentParser

/// Which scenarios of the named files and folders are meant.
struct SelectionOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp("Scenario files, or folders with scenarios (*.json) in them.", valueName: "file-or-folder"),
        completion: .file(extensions: ["json"]))
    var paths: [String]

    @Option(
        name: .customLong("tag"), parsing: .singleValue,
        help: ArgumentHelp("Only scenarios with this tag; repeated: with any of them.", valueName: "tag"))
    var tags: [String] = []

    @Option(
        name: .customLong("skip-tag"), parsing: .singleValue,
        help: ArgumentHelp("No scenarios with this tag; may be repeated.", valueName: "tag"))
    var skippedTags: [String] = []

    func includes(tags own: [String]) -> Bool {
        (tags.isEmpty || own.contains(where: tags.contains)) && !own.contains(where: skippedTags.contains)
    }
}

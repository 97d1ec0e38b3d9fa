import ArgumentParser

/// What `--generate-completion-script` writes: ArgumentParser's script, which knows no default command, taught to complete scenarios and
/// the options of `run` where no command is named.
enum CompletionScript {
    private struct Lesson {
        /// How the script of a shell begins.
        let beginning: String
        /// Text of the script, of which the first is followed by another.
        let steps: [(after: String, insert: String)]
        /// Text of the script, and what stands there instead, wherever it is.
        var replaced: [(text: String, by: String)] = []
    }

    /// The script with its lesson; any other text as it is.
    static func taught(_ text: String) -> String {
        guard let lesson = [bash, zsh, fish].first(where: { text.hasPrefix($0.beginning) }) else { return text }
        var text = text
        for step in lesson.steps {
            guard let found = text.firstRange(of: step.after) else { continue }
            text.insert(contentsOf: step.insert, at: found.upperBound)
        }
        for (old, new) in lesson.replaced { text.replace(old, with: new) }
        return text
    }

    private static let commands = CommandTable.subcommands(of: []) + ["help"]
    private static let patterns = commands.joined(separator: "|")
    private static let list = commands.joined(separator: " ")

    private static let bash = Lesson(
        beginning: "#!/bin/bash\n",
        steps: [
            (
                """
                    local -a non_repeating_options=()

                """,
                """

                    # Without a command it is the default one
                    case "${COMP_WORDS[1]}" in
                    \(patterns))
                        ;;
                    *)
                        _krun_run
                        if [[ "${COMP_CWORD}" -eq 1 && "${cur}" != -* ]]; then
                            COMPREPLY+=($(compgen -W '\(list)' -- "${cur}"))
                        fi
                        return
                        ;;
                    esac


                """
            )
        ])

    private static let zsh = Lesson(
        beginning: "#compdef krun\n",
        steps: [
            (
                """
                    local -i ret=1

                """,
                """

                    # Without a command it is the default one
                    if [[ "${words[2]}" != (\(patterns)) ]] && { (( CURRENT > 2 )) || [[ "${words[2]}" == -* ]] }; then
                        _krun_run
                        return
                    fi


                """
            ),
            (
                """
                        _describe -V subcommand subcommands && ret=0

                """,
                """
                        _files -g '*.json' && ret=0

                """
            ),
        ])

    private static let fish = Lesson(
        beginning: "function __krun_",
        steps: [
            (
                """
                    set -l unparsed_tokens (__krun_tokens -pc)

                """,
                """
                    # Without a command it is the default one
                    if set -q unparsed_tokens[2]; or string match -q -- '-*' (commandline -t)
                        if not contains -- "$unparsed_tokens[2]" \(list)
                            set unparsed_tokens $unparsed_tokens[1] run $unparsed_tokens[2..]
                        end
                    end

                """
            ),
            (
                """
                complete -c 'krun' -f

                """,
                """
                complete -c 'krun' -n '__krun_should_offer_completions_for_positional "krun" -eq 1' -fa '(for p in (string match -e -- \\'*/\\' (commandline -t);or printf \\n)*.json;printf %s\\n $p;end;__fish_complete_directories (commandline -t) \\'\\')'

                """
            ),
        ],
        // fish 3 does not tell where the cursor is within a token that is split like this.
        replaced: [("(__krun_tokens -tC)", #"(string length -- "$(commandline -ct)")"#)])
}

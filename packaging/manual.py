#!/usr/bin/env python3
"""Writes krun's manual pages: manual.py KRUN FOLDER, a page for krun and one for each of its commands, of what krun says of itself.

KRUN is the program; FOLDER gets krun.1, krun-run.1, krun-topics-create.1 and so on, in mdoc. The date is that of SOURCE_DATE_EPOCH.
"""

import datetime
import json
import os
import pathlib
import re
import subprocess
import sys
import textwrap

EXIT_CODES = (
    ("0", "Everything held."),
    ("1", "The command line is wrong."),
    ("2", "A scenario does not parse or validate."),
    ("3", "Trouble with the broker or at run time."),
    ("4", "An expectation or an invariant did not hold."),
    ("130", "Interrupted."),
)

ENVIRONMENT = (
    ("KRUN_BROKERS", "The bootstrap addresses of a Kafka, as --brokers has them."),
    ("KRUN_VARIABLE_name", "A value for the variable of that name, as --variable has it."),
    ("KRUN_SECRET_name", "A value for the secret of that name, which no output shows."),
    ("NO_COLOR", "Where it is set and not empty, nothing is coloured unless --color says always."),
)

# mdoc would take a word of two or three letters for a macro where it stands on a macro's line.
MACRO = re.compile(r"^[A-Z%][A-Za-z0-9]{1,2}$")


def text(words: str) -> str:
    """A line of text, as it is to be read."""
    words = words.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + words if words[:1] in (".", "'") else words


def argument(words: str) -> str:
    """A text as one argument of a macro."""
    words = text(words).replace('"', '\\(dq')
    if MACRO.match(words) or words in "()[].,:;?!|":
        words = "\\&" + words
    return f'"{words}"' if " " in words or not words else words


def paragraphs(words: str):
    """Text as mdoc: lines that begin with two spaces are shown as they stand."""
    for block in re.split(r"\n\n+", words.strip("\n")):
        lines = block.split("\n")
        if all(line.startswith("  ") for line in lines):
            yield ".Bd -literal -offset indent"
            yield from (text(line[2:]) for line in lines)
            yield ".Ed"
        else:
            yield ".Pp"
            yield from sentences(" ".join(lines))


def sentences(words: str):
    """Each sentence in lines of its own, as mdoc wants it."""
    for sentence in re.split(r"(?<=[A-Za-z0-9)`][.:!?])\s+(?=[A-Z])", words.strip()):
        wrapped = textwrap.wrap(sentence, 72, break_long_words=False, break_on_hyphens=False)
        yield from (text(line) for line in wrapped)


def names(option: dict, value: bool):
    """`Fl \\-topic Ar name`, for each name an option has."""
    for name in option.get("names", []):
        dashes = "" if name["kind"] == "short" else "\\-"
        flag = f"Fl {dashes}{text(name['name'])}"
        yield f"{flag} Ar {argument(option['valueName'])}" if value else flag


def usage(program: str, path: list[str]):
    """The lines of the program's own usage."""
    said = subprocess.run([program, "help", *path], capture_output=True, text=True, check=True).stdout
    found = re.search(r"^USAGE: (.*(?:\n {2,}.*|\n[ ]*krun .*)*)", said, re.MULTILINE)
    if not found:
        raise SystemExit(f"manual: the help of {' '.join(['krun', *path])} has no usage")
    return [line.strip() for line in found.group(1).split("\n") if line.strip()]


class Page:
    """The manual page of a command."""

    def __init__(self, command: dict, path: list[str], program: str):
        self.command, self.path, self.program = command, path, program
        self.name = "-".join(["krun", *path])

    def lines(self, date: datetime.date, siblings: list[str]):
        yield f".Dd {date:%B} {date.day}, {date.year}"
        yield f".Dt {self.name.upper()} 1"
        yield ".Os"
        yield ".Sh NAME"
        yield f".Nm {self.name}"
        abstract = self.command.get("abstract", "").strip().rstrip(".")
        yield f".Nd {text(abstract[:1].lower() + abstract[1:])}"
        yield ".Sh SYNOPSIS"
        yield ".Bd -literal"
        yield from (text(line) for line in usage(self.program, self.path))
        yield ".Ed"
        yield ".Sh DESCRIPTION"
        yield from sentences(self.command.get("abstract", ""))
        if self.command.get("discussion"):
            yield from paragraphs(self.command["discussion"])
        yield from self.commands()
        yield from self.options()
        if not self.path:
            yield from self.table("ENVIRONMENT", (("Ev " + text(name), about) for name, about in ENVIRONMENT))
        yield from self.table("EXIT STATUS", (("Li " + code, about) for code, about in EXIT_CODES))
        yield ".Sh SEE ALSO"
        others = sorted(name for name in siblings if name != self.name)
        yield from (f".Xr {name} 1" + (" ," if name != others[-1] else "") for name in others)

    def table(self, title: str, rows):
        yield f".Sh {title}"
        yield ".Bl -tag -width Ds"
        for head, about in rows:
            yield f".It {head}"
            yield from sentences(about)
        yield ".El"

    def commands(self):
        below = [sub for sub in self.command.get("subcommands", []) if sub["shouldDisplay"]]
        if not below:
            return
        yield ".Pp"
        yield "The commands are:"
        yield ".Bl -tag -width Ds"
        for sub in below:
            default = " (the default)" if sub["commandName"] == self.command.get("defaultSubcommand") else ""
            yield f".It Cm {argument(sub['commandName'])}"
            yield from sentences(sub["abstract"] + default)
        yield ".El"

    def options(self):
        shown = [option for option in self.command.get("arguments", []) if option["shouldDisplay"]]
        titles = list(dict.fromkeys(option.get("sectionTitle", "") for option in shown))
        for title in titles:
            yield f".Ss {text(title)}" if title else ".Pp"
            if not title:
                yield "The arguments and options are:"
            yield ".Bl -tag -width Ds"
            for option in shown:
                if option.get("sectionTitle", "") != title:
                    continue
                if option["kind"] == "positional":
                    dots = " ..." if option["isRepeating"] else ""
                    yield f".It Ar {argument(option['valueName'])}{dots}"
                else:
                    yield ".It " + " , ".join(names(option, option["kind"] == "option"))
                about = option.get("abstract", "") or "See above."
                if option.get("defaultValue") and "(default" not in about:
                    about += f" The default is {option['defaultValue']}."
                yield from sentences(about)
                if option.get("discussion"):
                    yield from paragraphs(option["discussion"])
            yield ".El"


def pages(command: dict, path: list[str], program: str):
    yield Page(command, path, program)
    for sub in command.get("subcommands", []):
        if sub["shouldDisplay"] and sub["commandName"] != "help":
            yield from pages(sub, [*path, sub["commandName"]], program)


def main() -> int:
    program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    dump = subprocess.run([program, "--experimental-dump-help"], capture_output=True, text=True, check=True).stdout
    seconds = int(os.environ.get("SOURCE_DATE_EPOCH", "0"))
    date = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).date()
    every = list(pages(json.loads(dump)["command"], [], program))
    folder.mkdir(parents=True, exist_ok=True)
    for page in every:
        depth = len(page.path)
        # Whose page is above it, and what is directly below.
        near = ["-".join(["krun", *page.path[:-1]])] if depth else []
        near += [other.name for other in every if other.path[:-1] == page.path and len(other.path) == depth + 1]
        if not near:
            near = ["krun"]
        whole = "\n".join(page.lines(date, near)) + "\n"
        (folder / f"{page.name}.1").write_text(whole, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

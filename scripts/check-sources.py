#!/usr/bin/env python3
"""Checks what the compiler does not: which room imports which C module, full Foundation, who starts programs, and @unchecked Sendable.

The compiler enforces the table of docs/architecture.md for Swift targets, but not for C and system targets.
"""

import pathlib
import re
import sys

# C module -> the folders that may import it.
C_MODULES = {
    "CRdKafka": ("Sources/KrunKafka", "Tests/KrunKafkaTests", "Tests/KrunScenarioTests", "Tests/KrunSharedClusterTests"),
    "CKrunShims": ("Sources/KrunKafka", "Sources/krun", "Tests/KrunKafkaTests", "Tests/KrunScenarioTests"),
    "CJansson": ("Sources/KrunJSON",),
    "CKrunChecksum": ("Sources/KrunBroker/Log", "Tests/KrunBrokerTests/Log"),
    "CZlib": ("Sources/KrunBroker/Log",),
    "CLZ4": ("Sources/KrunBroker/Log",),
    "CZstd": ("Sources/KrunBroker/Log",),
    "CSnappy": ("Sources/KrunBroker/Log",),
}

# Files beside the executable and the tests that may import all of Foundation, each with its reason.
FOUNDATION: dict[str, str] = {}

# Nothing in a scenario file can start a program: what starts one is told to by the command line, and stands here.
PROGRAMS = "Sources/krun/Programs/"
STARTS = re.compile(r"\b(?:krun_start|posix_spawnp?|v?fork|exec[lv]p?e?|popen|system|Process)\s*\(")

MOST_UNCHECKED = 5

IMPORT = re.compile(
    r"^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+"
    r"(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(\w+)"
)


def problems_of(path: pathlib.Path, root: pathlib.Path, unchecked: list[str]):
    name = path.relative_to(root).as_posix()
    lines = path.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, start=1):
        place = f"{name}:{number}"
        code = line.split("//", 1)[0]
        before = lines[number - 2].strip() if number > 1 else ""
        found = IMPORT.match(code)
        module = found.group(1) if found else ""
        if re.match(r"C[A-Z]", module):
            allowed = C_MODULES.get(module, ())
            if not any(name.startswith(folder + "/") for folder in allowed):
                yield f"{place}: {module} may be imported only in {', '.join(allowed) or 'no room that is known'}"
        if name.startswith("Sources/") and not name.startswith(PROGRAMS) and STARTS.search(code):
            yield f"{place}: only what is in {PROGRAMS} may start a program"
        # The usual pair "FoundationEssentials where there is one, else Foundation" is not all of Foundation.
        if module == "Foundation" and before != "#else":
            if not name.startswith(("Sources/krun/", "Tests/")) and name not in FOUNDATION:
                yield f"{place}: a library room does without Foundation (or lists its reason in scripts/check-sources.py)"
        if "@unchecked Sendable" in code or "@unchecked @retroactive Sendable" in code:
            unchecked.append(place)
            if not before.startswith("//"):
                yield f"{place}: @unchecked Sendable without a comment above it that gives the reason"


def main() -> int:
    root = pathlib.Path(__file__).resolve().parent.parent
    problems: list[str] = []
    unchecked: list[str] = []
    for folder in ("Sources", "Tests"):
        for path in sorted((root / folder).rglob("*.swift")):
            if ".build" not in path.relative_to(root).parts:
                problems.extend(problems_of(path, root, unchecked))
    if len(unchecked) > MOST_UNCHECKED:
        problems.append(f"{len(unchecked)} @unchecked Sendable, at most {MOST_UNCHECKED}: {', '.join(unchecked)}")
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

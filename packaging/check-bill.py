#!/usr/bin/env python3
"""Checks a bill of materials against CycloneDX's own schema: check-bill.py FILE. And that what krun cannot do without is in it, with versions and licences."""

import json
import pathlib
import sys

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

NEEDED = {"swift", "swift-nio", "swift-argument-parser", "librdkafka1", "libjansson-dev", "libssl3", "libsnappy-dev", "zlib1g"}


def main() -> int:
    text = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")
    problem = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if problem:
        print(f"{sys.argv[1]}: {problem}", file=sys.stderr)
        return 1
    parts = json.loads(text)["components"]
    missing = NEEDED - {part["name"] for part in parts}
    bare = [part["name"] for part in parts if not part.get("version") or not part.get("licenses")]
    references = [part["bom-ref"] for part in parts]
    if missing or bare or len(set(references)) != len(references):
        print(f"{sys.argv[1]}: missing {sorted(missing)}, without version or licence {bare}, or named twice", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The rules of the Common Test Report Format (https://ctrf.io), as far as krun's reports have its fields.

Nothing but these fields may stand in one, whatever else the format knows.
"""

STATUS = {"enum": ["passed", "failed", "skipped", "pending", "other"]}
TEXT = {"type": "string"}
NAME = {"type": "string", "minLength": 1}
WHOLE = {"type": "integer", "minimum": 0}
ANYTHING = {"type": "object"}


def record(required, optional=None):
    """An object with these fields and no others."""
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "additionalProperties": False,
    }


STEP = record({"name": TEXT, "status": STATUS}, {"extra": ANYTHING})
ATTEMPT = record(
    {"attempt": {"type": "integer", "minimum": 1}, "status": STATUS},
    {"duration": WHOLE, "message": TEXT, "extra": ANYTHING},
)
TEST = record(
    {"name": NAME, "status": STATUS, "duration": WHOLE},
    {
        "start": WHOLE,
        "stop": WHOLE,
        "suite": {"type": "array", "minItems": 1, "items": TEXT},
        "message": TEXT,
        "trace": TEXT,
        "line": WHOLE,
        "rawStatus": TEXT,
        "tags": {"type": "array", "items": TEXT},
        "filePath": TEXT,
        "retries": WHOLE,
        "retryAttempts": {"type": "array", "items": ATTEMPT},
        "flaky": {"type": "boolean"},
        "steps": {"type": "array", "items": STEP},
        "extra": ANYTHING,
    },
)
COUNTS = ("tests", "passed", "failed", "skipped", "pending", "other", "start", "stop")
SUMMARY = record(dict.fromkeys(COUNTS, WHOLE), {"flaky": WHOLE, "suites": WHOLE, "duration": WHOLE})
RESULTS = record(
    {"tool": record({"name": NAME}, {"version": TEXT}), "summary": SUMMARY, "tests": {"type": "array", "items": TEST}}
)
SCHEMA = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    **record(
        {
            "reportFormat": {"const": "CTRF"},
            "specVersion": {"type": "string", "pattern": r"^[0-9]+\.[0-9]+\.[0-9]+$"},
            "results": RESULTS,
        },
        {"timestamp": {"type": "string", "format": "date-time"}, "generatedBy": TEXT},
    ),
}

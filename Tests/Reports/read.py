"""Runs scenarios that end in each way, with every report, and reads the reports with the programs of others.

    read.py KRUN

Says what each reader found, and ends with 1 at the first thing that is not so.
"""

import collections
import contextlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

import jsonschema
import junitparser
import junitparser.xunit2
import yaml
from lxml import etree

import ctrf

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
# How each of the scenarios ends.
STATUS = {
    "errors": "error",
    "fails": "failed",
    "has-strange-names": "failed",
    "is-invalid": "invalid",
    "is-skipped": "skipped",
    "passes": "passed",
}
STATUSES = list(STATUS.values())
# Shipped scenarios that have outcomes of all kinds, and take no time.
MORE = [
    "basic.json",
    "faults",
    "groups/assignors.json",
    "groups/third-member.json",
    "offsets/auto-offset-reset.json",
    "offsets/reset-offsets.json",
    "offsets/rounds.json",
    "placement",
    "topics",
    "transactions/aborted-transaction.json",
    "transactions/fenced-producer.json",
    "values",
]


def demand(holds, what):
    if not holds:
        sys.exit(f"reports: {what}")


def equal(found, expected, what):
    demand(found == expected, f"{what}: found {found!r}, expected {expected!r}")


def run(command, expected, **options):
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, **options)
    demand(done.returncode in expected, f"{command} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def check_junit(path):
    tree = etree.parse(path)
    schema = etree.XMLSchema(etree.parse(HERE / "junit.xsd"))
    demand(schema.validate(tree), f"JUnit against the XSD: {schema.error_log}")
    report = junitparser.JUnitXml.fromfile(str(path))
    suites = list(report)
    equal([suite.name for suite in suites], [f"scenarios/{name}.json" for name in STATUS], "the suites")
    kinds = {"error": junitparser.Error, "failed": junitparser.Failure, "invalid": junitparser.Error}
    for suite, (name, status) in zip(suites, STATUS.items()):
        (case,) = list(suite)
        expected = kinds.get(status, junitparser.Skipped if status == "skipped" else None)
        equal([type(result) for result in case.result], [expected] if expected else [], f"what {name} came to")
        for result in case.result:
            demand(result.message and result.text, f"{name} has no message")
        equal(case.classname, f"scenarios.{name}", "a class")
        demand(case.time is not None and case.name, f"{name} has no time or no name")
        properties = {each.name: each.value for each in suite.properties()}
        equal("seed" in properties and "broker" in properties, status not in ("invalid", "skipped"), "the properties")
    counts = collections.Counter(STATUSES)
    equal(report.tests, len(STATUS), "the number of tests")
    equal(report.failures, counts["failed"], "the number of failures")
    equal(report.errors, counts["error"] + counts["invalid"], "the number of errors")
    equal(report.skipped, counts["skipped"], "the number of those skipped")
    print(f"junitparser and the XSD: {report.tests} tests")


def check_tap(path):
    prove = run(["prove", "--verbose", str(path)], [1])
    demand("Parse errors" not in prove, f"prove cannot read the TAP: {prove}")
    numbers = [number for number, status in enumerate(STATUSES, 1) if status not in ("passed", "skipped")]
    shown = ", ".join(re.findall(r"[0-9]+(?:-[0-9]+)?", prove.split("Failed tests:")[1].splitlines()[0]))
    # prove writes neighbours as a range.
    found = []
    for part in shown.split(", "):
        first, _, last = part.partition("-")
        found += range(int(first), int(last or first) + 1)
    equal(found, numbers, "what failed for prove")
    text = path.read_text(encoding="utf-8")
    blocks = re.findall(r"^  ---\n(.*?)^  \.\.\.\n", text, re.MULTILINE | re.DOTALL)
    equal(len(blocks), len(numbers), "the blocks of YAML")
    for block in blocks:
        value = yaml.safe_load(block)
        demand(value["message"] and value["text"].startswith("error: "), f"a block of YAML says nothing: {block}")
    # As a run leaves it that is killed: without a plan, and with all that had ended.
    killed = path.with_name("killed.tap")
    killed.write_text("".join(text.partition("not ok 3")[:1]), encoding="utf-8")
    demand("No plan found" in run(["prove", str(killed)], [1]), "prove reads half a TAP as a whole one")
    print(f"prove and PyYAML: {len(STATUS)} tests")


def check_ctrf(path):
    report = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.validate(report, ctrf.SCHEMA, format_checker=jsonschema.FormatChecker())
    tests = report["results"]["tests"]
    equal([test["rawStatus"] for test in tests], STATUSES, "the tests of CTRF")
    summary = report["results"]["summary"]
    counts = collections.Counter(test["status"] for test in tests)
    for status in ctrf.STATUS["enum"]:
        equal(summary[status], counts[status], f"how many are {status} in CTRF")
    equal(summary["tests"], len(tests), "how many tests CTRF has")
    demand(0 < summary["start"] <= summary["stop"], "CTRF knows no time")
    print(f"jsonschema, CTRF: {len(tests)} tests")


def closed(schema):
    """The schema with nothing allowed that it does not name."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: closed(value) for name, value in schema.items()}
    if schema.get("type") == "object" and "properties" in schema and "additionalProperties" not in schema:
        made["additionalProperties"] = False
    return made


def check_json(paths):
    schema = closed(json.loads((ROOT / "schema/report.schema.json").read_text(encoding="utf-8")))
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    count = 0
    for path in paths:
        report = json.loads(path.read_text(encoding="utf-8"))
        for error in validator.iter_errors(report):
            sys.exit(f"reports: {path.name} against the schema: {error.json_path}: {error.message[:400]}")
        count += len(report["scenarios"])
    print(f"jsonschema, JSON: {count} scenarios")


def check_github(output, summary):
    lines = [line for line in output.splitlines() if line.startswith("::")]
    commands = re.compile(r"^::(error|warning) (\w+=[^,:]*(,\w+=[^,:]*)*)::.+$")
    demand(lines and all(commands.match(line) for line in lines), f"annotations of GitHub's: {lines}")
    demand(any("file=" in line and "line=10" in line for line in lines), f"no annotation at its line: {lines}")
    text = summary.read_text(encoding="utf-8")
    demand(text.startswith("### krun: 6 scenarios: "), f"the summary of the job: {text[:100]}")
    equal(text.count("<details"), text.count("</details>"), "the details of the summary")
    print(f"GitHub: {len(lines)} annotations, a summary of {len(text)} letters")


@contextlib.contextmanager
def broker(krun, folder, environment):
    """krun's own, with a topic that outlives attempts; yields its address."""
    ready = folder / "ready"
    command = [krun, "broker", "--port", "0", "--topic", "attempts:1", "--ready-file", str(ready)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(600):
                if ready.exists() or process.poll() is not None:
                    break
                time.sleep(0.1)
            demand(ready.exists(), "krun broker is not ready")
            yield ready.read_text(encoding="utf-8").strip()
        finally:
            process.terminate()
            process.wait(timeout=60)


def check_flaky(krun, out, environment):
    """Of one scenario that fails whenever it is run, and one that passes at the second attempt."""
    junit, tap, ctrf_file, report = (out / f"flaky.{name}" for name in ("xml", "tap", "ctrf.json", "json"))
    formats = {"junit": junit, "tap": tap, "ctrf": ctrf_file, "json": report}
    summary = out / "flaky.md"
    environment = {**environment, "GITHUB_STEP_SUMMARY": str(summary)}
    with broker(krun, out, environment) as address:
        command = [krun, "run", "flaky", "--retry=1", "--jobs=1", f"--brokers={address}", "--report=github"]
        command += [f"--report={name}={path}" for name, path in formats.items()]
        output = run(command, [4], cwd=HERE, env=environment)

    schema = etree.XMLSchema(etree.parse(HERE / "junit.xsd"))
    demand(schema.validate(etree.parse(junit)), f"JUnit of attempts against the XSD: {schema.error_log}")
    fails, flaky = (case for suite in junitparser.xunit2.JUnitXml.fromfile(str(junit)) for case in suite)
    equal([fails.is_passed, flaky.is_passed], [False, True], "what passed in the end")
    equal([fails.is_rerun, flaky.is_flaky], [True, True], "what was run again")
    for case, kind in ((fails, junitparser.xunit2.RerunFailure), (flaky, junitparser.xunit2.FlakyFailure)):
        (attempt,) = case.interim_result
        equal(type(attempt), kind, "an attempt")
        demand(attempt.message and attempt.type == "failed", "an attempt says nothing")
        demand(attempt.stack_trace.startswith("attempt 1: failed (seed 7): "), f"an attempt: {attempt.stack_trace}")

    prove = run(["prove", "--verbose", str(tap)], [1])
    demand("Parse errors" not in prove and "Failed 1/2 subtests" in prove, f"prove of attempts: {prove}")
    blocks = re.findall(r"^  ---\n(.*?)^  \.\.\.\n", tap.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    blocks = [yaml.safe_load(block) for block in blocks]
    equal([block["severity"] for block in blocks], ["failed", "flaky"], "the blocks of attempts")
    for block in blocks:
        equal([(each["severity"], each["seed"]) for each in block["attempts"]], [("failed", "7")], "attempts of TAP")

    content = json.loads(ctrf_file.read_text(encoding="utf-8"))
    jsonschema.validate(content, ctrf.SCHEMA, format_checker=jsonschema.FormatChecker())
    equal(content["results"]["summary"]["flaky"], 1, "how many are flaky in CTRF")
    tests = content["results"]["tests"]
    equal([(test["retries"], test.get("flaky")) for test in tests], [(1, None), (1, True)], "the retries of CTRF")
    for test in tests:
        equal(len(test["retryAttempts"]), test["retries"], "how many attempts CTRF has")

    place = re.compile(r"^::warning file=(.*/)?flaky/flaky\.json,line=2,")
    warnings = [line for line in output.splitlines() if place.match(line)]
    demand(len(warnings) == 1 and "passed at the 2nd attempt" in warnings[0], f"GitHub's warning: {output}")
    demand("; 1 flaky (" in summary.read_text(encoding="utf-8").splitlines()[0], "the summary knows nothing flaky")

    again = {name: out / f"again-{path.name}" for name, path in formats.items()}
    run([krun, "report", str(report), *(f"--to={name}={path}" for name, path in again.items())], [0], env=environment)
    for name, path in again.items():
        equal(path.read_bytes(), formats[name].read_bytes(), f"{name} of attempts, of the JSON report")
    print("junitparser, prove, PyYAML and jsonschema: one scenario that fails, one that is flaky")
    return report


def main():
    krun = str(pathlib.Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder)
        names = {"junit": "junit.xml", "tap": "run.tap", "ctrf": "ctrf.json", "json": "run.json"}
        reports = [f"--report={name}={out / file}" for name, file in names.items()]
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("KRUN_", "GITHUB_"))}
        environment["GITHUB_STEP_SUMMARY"] = str(out / "summary.md")
        output = run([krun, "run", "scenarios", "--report=github", *reports], [2], cwd=HERE, env=environment)
        # Real outcomes of many kinds, so that the schema is known to have all of their fields.
        more = [f"scenarios/{name}" for name in MORE]
        command = [krun, "run", "--compact", "--jobs=4", *more, f"--report=json={out / 'more.json'}"]
        run(command, [0], cwd=ROOT, env=environment)
        check_junit(out / "junit.xml")
        check_tap(out / "run.tap")
        check_ctrf(out / "ctrf.json")
        check_json([out / "run.json", out / "more.json", check_flaky(krun, out, environment)])
        check_github(output, out / "summary.md")
        again = [f"--to={name}={out / ('again-' + file)}" for name, file in names.items()]
        run([krun, "report", str(out / "run.json"), *again], [0], env=environment)
        for file in names.values():
            equal((out / f"again-{file}").read_bytes(), (out / file).read_bytes(), f"{file} of the JSON report")
    print(f"reports: {len(STATUS)} scenarios are what they are for all of their readers")


if __name__ == "__main__":
    main()

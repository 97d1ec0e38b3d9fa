"""Checks what no schema at hand does of the examples in docs/ci: the Job of Kubernetes, the Jenkinsfile's blocks, and that docs/ci.md shows the files as they are.

Runs in the environment of scripts/check-jsonschema.sh, which has a reader of YAML.
"""

import pathlib
import re
import sys

import ruamel.yaml

DOCS = pathlib.Path(__file__).resolve().parent.parent / "docs"
FILES = ("github.yml", "gitlab-ci.yml", "Jenkinsfile", "k8s-job.yaml")


def of_page():
    page = (DOCS / "ci.md").read_text(encoding="utf-8")
    shown = dict(re.findall(r"<!-- file: ci/(\S+) -->\n```\w+\n(.*?)```\n", page, re.DOTALL))
    for name in FILES:
        if shown.get(name) != (DOCS / "ci" / name).read_text(encoding="utf-8"):
            yield f"docs/ci.md does not show docs/ci/{name} as it is"


def of_job():
    """What the API server would refuse, and what would divide the scenarios wrongly."""
    job = ruamel.yaml.YAML(typ="safe").load((DOCS / "ci/k8s-job.yaml").read_text(encoding="utf-8"))
    spec = job.get("spec", {})
    pod = spec.get("template", {}).get("spec", {})
    if (job.get("apiVersion"), job.get("kind")) != ("batch/v1", "Job"):
        yield "it is no Job of batch/v1"
    unknown = set(spec) - {"completionMode", "completions", "parallelism", "backoffLimit", "template"}
    if unknown:
        yield f"its spec has {sorted(unknown)}"
    if spec.get("completionMode") != "Indexed":
        yield "it is not indexed"
    if pod.get("restartPolicy") not in ("Never", "OnFailure"):
        yield "a Job's pods restart never or on failure"
    if not re.fullmatch(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?", job.get("metadata", {}).get("name", "")):
        yield "its name is none"
    volumes = {volume["name"] for volume in pod.get("volumes", [])}
    for container in pod.get("containers", []) or [{}]:
        variables = {variable["name"]: variable.get("value") for variable in container.get("env", [])}
        if variables.get("JOB_COMPLETIONS") != str(spec.get("completions")):
            yield "JOB_COMPLETIONS is not the text of completions"
        if any(not isinstance(value, str) for value in variables.values()):
            yield "the value of a variable is a text"
        if container.get("command", [])[:2] != ["krun", "run"] or "auto" not in container["command"]:
            yield "it does not run krun with --shard auto"
        for mount in container.get("volumeMounts", []):
            if mount["name"] not in volumes:
                yield f"there is no volume {mount['name']}"


def of_jenkinsfile():
    """A declarative pipeline: blocks that end, in the order that Jenkins wants, and krun's part of the axis."""
    text = (DOCS / "ci/Jenkinsfile").read_text(encoding="utf-8")
    bare = re.sub(r"'[^'\n]*'", "''", text)
    depth = 0
    for number, line in enumerate(bare.splitlines(), start=1):
        depth += line.count("{") - line.count("}")
        if depth < 0 or line.count("'") % 2 or line.count("(") != line.count(")"):
            yield f"line {number}: a block, a text or a call does not end"
    if depth != 0:
        yield "a block does not end"
    blocks = re.findall(r"^\s*(\w+)(?:\([^)]*\))? \{", bare, re.MULTILINE)
    wanted = (
        "pipeline options stages stage matrix axes axis agent docker stages stage steps post always".split()
    )
    if blocks != wanted:
        yield f"its blocks are {blocks}"
    if "name 'SHARD'" not in text or "$SHARD/3" not in text or "values '1', '2', '3'" not in text:
        yield "the axis does not name three parts"
    if "args '--entrypoint='" not in text:
        yield "the image's own entry point is krun, and Jenkins wants a shell"


def main() -> int:
    problems = list(of_page())
    problems += [f"docs/ci/k8s-job.yaml: {problem}" for problem in of_job()]
    problems += [f"docs/ci/Jenkinsfile: {problem}" for problem in of_jenkinsfile()]
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

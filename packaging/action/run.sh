#!/usr/bin/env bash
# What action.yml does in its step `run`: runs scenarios, annotates lines, and says where the reports are and how it ended.
#
# INPUT_FILES, INPUT_ARGUMENTS and INPUT_BROKERS are the action's inputs; GITHUB_OUTPUT, GITHUB_STEP_SUMMARY and RUNNER_TEMP are GitHub's.
set -uo pipefail

report=$(mktemp -d "${RUNNER_TEMP:-/tmp}/krun-report-XXXXXX")
read -r -d '' -a files <<<"$INPUT_FILES" || true
read -r -d '' -a arguments <<<"${INPUT_ARGUMENTS:-}" || true
if [ -n "${INPUT_BROKERS:-}" ]; then
    export KRUN_BROKERS=$INPUT_BROKERS
fi

krun run --report github --report "json=$report/report.json" --report "junit=$report/junit.xml" --report "html=$report/pages" \
    ${arguments[@]+"${arguments[@]}"} -- "${files[@]}"
code=$?

{
    echo "exit-code=$code"
    echo "report=$report"
} >>"${GITHUB_OUTPUT:-/dev/null}"
exit "$code"

#!/usr/bin/env bash
# Has pre-commit run krun's hooks in a repository of its own: check-hooks.sh PRE_COMMIT, with krun in PATH.
set -euo pipefail
cd "$(dirname "$0")/.."

pre_commit=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export PRE_COMMIT_HOME=$scratch/cache GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null

fail() {
    echo "check-hooks: $*" >&2
    exit 1
}

repository() {
    git -C "$1" init --quiet
    git -C "$1" -c user.name=krun -c user.email=krun@krun.invalid -c commit.gpgsign=false add .
    git -C "$1" -c user.name=krun -c user.email=krun@krun.invalid -c commit.gpgsign=false commit --quiet --message one
}

mkdir -p "$scratch/hooks" "$scratch/project/scenarios" "$scratch/project/other"
cp .pre-commit-hooks.yaml "$scratch/hooks/"
repository "$scratch/hooks"
cp scenarios/basic.json "$scratch/project/scenarios/good.json"
sed 's/"topics"/"topcis"/' scenarios/basic.json >"$scratch/project/scenarios/bad.json"
# No scenario: not looked at.
echo '{ "steps": [' >"$scratch/project/other/broken.json"
repository "$scratch/project"

try() {
    (cd "$scratch/project" && "$pre_commit" try-repo "$scratch/hooks" "$@" 2>&1)
}

said=$(try krun-check --files scenarios/good.json other/broken.json) || fail "a scenario without errors: $said"
said=$(try krun-fmt --files scenarios/good.json) || fail "a formatted scenario: $said"
! said=$(try krun-check --files scenarios/bad.json) || fail "a scenario with an error passed: $said"
grep -q 'topcis' <<<"$said" || fail "the error is not told: $said"

#!/usr/bin/env bash
# Tries install.sh and what action.yml runs, on releases that are a folder: check-install.sh DIST VERSION.
set -euo pipefail
cd "$(dirname "$0")/.."

dist=$1 version=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

fail() {
    echo "check-install: $*" >&2
    exit 1
}

mkdir -p "$scratch/releases/v$version"
cp "$dist"/*.tar.gz "$dist/SHA256SUMS" "$scratch/releases/v$version/"
install=(packaging/install.sh --releases "file://$scratch/releases" --version)

"${install[@]}" "$version" --to "$scratch/here" 2>"$scratch/said"
grep -qxF "installed krun $version: $scratch/here/bin/krun" <(sed 's/^install: //' "$scratch/said") || fail "$(cat "$scratch/said")"
"$scratch/here/bin/krun" check scenarios/basic.json >/dev/null

# What there is not, and what somebody has changed, is not installed.
! "${install[@]}" 99.0.0 --to "$scratch/not" 2>/dev/null || fail "it installed what there is not"
printf x >>"$scratch/releases/v$version/krun-$version-linux-$(uname -m).tar.gz"
! "${install[@]}" "$version" --to "$scratch/not" 2>"$scratch/said" || fail "it installed what was changed"
grep -q "is not what SHA256SUMS says" "$scratch/said" || fail "$(cat "$scratch/said")"
[ ! -e "$scratch/not" ] || fail "something was installed"

# The action's step: what holds, and what does not, with its line for GitHub.
export PATH=$scratch/here/bin:$PATH RUNNER_TEMP=$scratch GITHUB_OUTPUT=$scratch/output
INPUT_FILES=$'scenarios/basic.json\nscenarios/order' INPUT_ARGUMENTS="--seed 7" packaging/action/run.sh >/dev/null
report=$(sed -n 's/^report=//p' "$scratch/output")
[ "$(sed -n 's/^exit-code=//p' "$scratch/output")" = 0 ] || fail "what holds ends with $(cat "$scratch/output")"
for file in report.json junit.xml pages/index.html; do [ -s "$report/$file" ] || fail "$file is missing"; done

mkdir "$scratch/project"
git -C "$scratch/project" init --quiet
sed 's/"messages": 5/"messages": 6/' scenarios/basic.json >"$scratch/project/wrong.json"
: >"$scratch/output"
code=0
run=$PWD/packaging/action/run.sh
(cd "$scratch/project" && INPUT_FILES=wrong.json "$run") >"$scratch/said" 2>&1 || code=$?
if [ $code -ne 4 ] || ! grep -qx 'exit-code=4' "$scratch/output"; then fail "what does not hold ends with $code: $(cat "$scratch/said")"; fi
grep -q '^::error file=wrong.json,line=19,' "$scratch/said" || fail "no line is annotated: $(cat "$scratch/said")"

#!/usr/bin/env bash
# Runs what was built as a user without any capability: every scenario, the commands' fixtures and conversations, and the tests of the
# cluster over the wire, without HOME, in a folder that is not theirs to write, with a temporary one that is.
#
# Needs a debug build with tests and a release build. Whoever is not root already is such a user; then it only says so.
set -euo pipefail
cd "$(dirname "$0")/.."

user=65534
# One after the other: of tests that run side by side, busy ones keep others waiting where there are few processors.
parts=('KrunClusterTests' 'CommandLineTests|HostileInputTests' 'TranscriptTests')

if [ "$(id -u)" -ne 0 ]; then
    echo "as-user: not root; whatever is run here is run as such a user"
    exit 0
fi

stage=$(mktemp -d)
scratch=$(mktemp -d)
trap 'rm -rf "$stage" "$scratch"' EXIT
chmod 755 "$stage"
chown "$user:$user" "$scratch"

# A copy, for what is above this folder may be closed to others.
mkdir -p "$stage/Tests" "$stage/release" "$stage/debug"
cp -R scenarios docs README.md "$stage/"
cp -R Tests/Fixtures Tests/Transcripts "$stage/Tests/"
cp .build/release/krun "$stage/release/"
cp .build/debug/krun .build/debug/krunPackageTests.xctest "$stage/debug/"
chmod -R a+rX,go-w "$stage"

# What krun's own variables say stays outside, as it does for root.
as_user() {
    (cd "$stage" && setpriv --reuid="$user" --regid="$user" --clear-groups --bounding-set=-all --inh-caps=-all \
        env -i PATH="$PATH" TMPDIR="$scratch" KRUN_TEST_ROOT="$stage" KRUN_TEST_PROGRAM="$stage/release/krun" \
        SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH="${SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH:-6}" "$@")
}

as_user release/krun check scenarios
as_user release/krun --jobs 4 scenarios
for part in "${parts[@]}"; do as_user debug/krunPackageTests.xctest --testing-library swift-testing --filter "$part"; done

left=$(find "$scratch" -mindepth 1 -not -name '.swift*' | head)
if [ -n "$left" ]; then
    printf 'as-user: left behind:\n%s\n' "$left"
    exit 1
fi

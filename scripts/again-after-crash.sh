#!/usr/bin/env bash
# Runs a command, and once more where a SIGSEGV ended it, which is told; whatever else goes wrong counts at once.
#
# The process of the commands' tests dies in memcpy once in some ten runs, on a thread of the tests' own. Why is not known yet: remove this
# when it is.
set -uo pipefail

log=$(mktemp)
trap 'rm -f "$log"' EXIT
"$@" 2>&1 | tee "$log"
status=${PIPESTATUS[0]}
if [ "$status" -eq 139 ] || { [ "$status" -ne 0 ] && grep -q 'unexpected signal code 11' "$log"; }; then
    echo "again-after-crash: SIGSEGV ended it; once more: $*" >&2
    "$@"
    exit
fi
exit "$status"

#!/usr/bin/env bash
# Other people's clients against krun's own broker: runs scripts/clients.sh with the given arguments as the command of one of three brokers,
# and of one that requires a login. KRUN names the program, .build/release/krun unless set.
set -euo pipefail
cd "$(dirname "$0")/.."

krun=${KRUN:-.build/release/krun}
users=$(mktemp)
trap 'rm -f "$users"' EXIT
printf 'alice=wonderland\n' >"$users"
# Sessions are no shorter than Kafka has them, where the embedded broker by itself lets a test see a member time out sooner.
"$krun" broker --brokers 3 --users "$users" --env LOGIN_BROKERS -- \
    "$krun" broker --brokers 3 --override group.min.session.timeout.ms=6000 -- \
    sh -c 'exec scripts/clients.sh --brokers "$KRUN_BROKERS" --sasl-brokers "$LOGIN_BROKERS" --user alice --password wonderland --slow "$@"' sh "$@"

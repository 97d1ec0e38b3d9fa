#!/usr/bin/env bash
# Other people's clients against krun's own broker: starts one of three brokers, and one that requires a login, runs scripts/clients.sh with
# the given arguments against them, and ends them. KRUN names the program, .build/release/krun unless set.
set -euo pipefail
cd "$(dirname "$0")/.."

krun=${KRUN:-.build/release/krun}
folder=$(mktemp -d)
brokers=()
end() {
    [ ${#brokers[@]} -eq 0 ] || kill "${brokers[@]}" 2>/dev/null || true
    wait
    rm -rf "$folder"
}
trap end EXIT

# start NAME ARGUMENTS...: a broker on free ports, whose address is then in $address.
start() {
    local name=$1
    shift
    mkfifo "$folder/$name"
    "$krun" broker --port 0 "$@" >"$folder/$name" 2>"$folder/$name.log" &
    brokers+=($!)
    # Its one line comes when it listens.
    read -r address <"$folder/$name" || { cat "$folder/$name.log" >&2; exit 1; }
    address=${address#export KRUN_BROKERS=}
}

printf 'alice=wonderland\n' >"$folder/users"
# As Kafka has it, where the embedded broker by itself lets a test see a member time out sooner.
start plain --brokers 3 --override group.min.session.timeout.ms=6000
plain=$address
start login --brokers 3 --users "$folder/users"
scripts/clients.sh --brokers "$plain" --sasl-brokers "$address" --user alice --password wonderland --slow "$@"

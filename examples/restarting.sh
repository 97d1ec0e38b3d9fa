#!/bin/sh
# Runs a command again whenever it fails, as a supervisor does; ends it when it is told to end itself.
trap 'kill -TERM "$child" 2>/dev/null; wait "$child"; exit' TERM INT
while :; do
    "$@" &
    child=$!
    wait "$child" && exit 0
done

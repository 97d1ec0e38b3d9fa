#!/bin/sh
# Lets one member join group g with librdkafka's assignors, runs a command, and ends the member.
krun consume --topic orders --group g >member.out 2>&1 &
member=$!
until krun groups describe g --output json 2>/dev/null | grep -q '"state": *"Stable"'; do
  kill -0 $member 2>/dev/null || { cat member.out >&2; exit 1; }
  sleep 0.05
done
sh -c "$1"
code=$?
kill -s INT $member
wait $member
exit $code

#!/bin/sh
# Starts krun broker, waits until it is ready, does something on it, and ends it.
# with-broker.sh SIGNAL 'options of krun broker' 'commands'
krun broker --port 0 --ready-file ready $2 >out 2>log &
broker=$!
until address=$(cat ready 2>/dev/null) && [ -n "$address" ] && [ "$address" != localhost:9092 ]; do
  kill -0 $broker 2>/dev/null || { cat log >&2; exit 1; }
  sleep 0.05
done
export KRUN_BROKERS=$address
sh -c "$3"
kill -s "$1" $broker
wait $broker
echo "krun broker ended with $?"

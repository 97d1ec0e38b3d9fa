#!/bin/bash
# Asks for Fetch v2, as clients of Kafka before 0.11 do, and says how much comes back until the connection ends.
exec 3<>"/dev/tcp/${KRUN_BROKERS%:*}/${KRUN_BROKERS##*:}"
printf '\0\0\0\022\0\01\0\02\0\0\0\01\0\010sarama-1' >&3
echo "$(wc -c <&3) bytes came back"

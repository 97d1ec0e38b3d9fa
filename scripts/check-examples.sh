#!/usr/bin/env bash
# Runs the services in examples/ beside the scenarios there: in Python (confluent-kafka, aiokafka), Java, C and Swift.
#
#   scripts/check-examples.sh [KRUN]       KRUN is .build/release/krun unless named
set -euo pipefail
cd "$(dirname "$0")/.."

krun=$(realpath "${1:-.build/release/krun}")

say() { printf '%s\n' "$*"; }

python=$(scripts/clients-environment.sh)/bin/python

built=$PWD/.build/examples
mkdir -p "$built"
java=$(scripts/java-client.sh .build/examples/java examples/java/Service.java)
cc -O1 -Wall -Wextra -Werror -o "$built/service" examples/c/service.c $(pkg-config --cflags --libs rdkafka jansson)
# Beside the package of Tests/ClientPackage, which is made of the same modules.
swift build --package-path examples/swift --scratch-path .build/client --product kitchen >"$built/swift.log" 2>&1 || {
    cat "$built/swift.log"
    exit 1
}

cd examples
"$krun" check scenarios
"$krun" fmt --check scenarios
# So that a dead member is missed soon; a Kafka takes no less than 6 s.
export SESSION_TIMEOUT_MS=1500

# kitchen NAME PARTITIONER COMMAND: the scenarios beside a service, whose client places keys like that.
kitchen() {
    local marker
    marker=$(mktemp -u)
    say "--- $1"
    "$krun" scenarios --skip-tag crash --variable partitioner="$2" --jobs 3 --with "exec $3" | tail -n +3
    CRASH_ONCE=$marker "$krun" scenarios/crash.json --with "exec ./restarting.sh $3" --quiet
    [ -e "$marker" ] || { say "the service has never crashed"; exit 1; }
    rm -f "$marker"
}

kitchen "Python, confluent-kafka" consistent_random "$python python/confluent_service.py"
kitchen "Python, aiokafka" murmur2_random "$python python/aiokafka_service.py"
kitchen "Java, Kafka's own client" murmur2_random "java -XX:TieredStopAtLevel=1 -cp '$java' Service"
say "--- Java, on a Kafka that others use, too"
"$krun" broker -- "$krun" scenarios --skip-tag crash --variable partitioner=murmur2_random \
    --with "exec java -XX:TieredStopAtLevel=1 -cp '$java' Service" | tail -n +3
kitchen "C, librdkafka" consistent_random "$built/service"
kitchen "Swift, KrunKafka" consistent_random "$PWD/../.build/client/debug/kitchen"

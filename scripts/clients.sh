#!/usr/bin/env bash
# Other people's clients against a broker: Tests/Clients/run.py with the given arguments (--brokers HOST:PORT, --help), in a virtual
# environment of its own under .build; and Kafka's own client, in Java.
set -euo pipefail
cd "$(dirname "$0")/.."

environment=$(scripts/clients-environment.sh)
if ! command -v kcat >/dev/null 2>&1 && ! command -v kafkacat >/dev/null 2>&1 && command -v apt-get >/dev/null 2>&1; then
    scripts/setup.sh kcat
fi
export KRUN_KAFKA_PYTHON_2=$environment/kafka-python-2
KRUN_KAFKA_JAVA=$(scripts/java-client.sh .build/clients-java Tests/Clients/java/*.java)
export KRUN_KAFKA_JAVA
exec "$environment/bin/python" Tests/Clients/run.py "$@"

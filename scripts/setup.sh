#!/usr/bin/env bash
# Installs the system packages that krun needs: pkg-config, librdkafka and Jansson with their headers (and make, where it is
# missing). Silent when everything is there. Further packages may be named as arguments: Debian's names, apt only.
set -euo pipefail

least_librdkafka=2.0.2

say() { printf 'setup: %s\n' "$*" >&2; }

have_libraries() {
    command -v pkg-config >/dev/null 2>&1 && pkg-config --exists "rdkafka >= $least_librdkafka" jansson 2>/dev/null
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif ! command -v sudo >/dev/null 2>&1; then
        say "this needs root, and there is no sudo; run it as root: $*"
        exit 1
    elif [ -t 0 ]; then
        sudo "$@"
    else
        # Without a terminal a password prompt would hang.
        sudo -n "$@"
    fi
}

apt_install() {
    say "installing $* with apt-get"
    # Fresh containers have no package lists; the first try is for those that have.
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1 && return
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

if [ -x /usr/bin/apt-get ]; then
    missing=()
    have_libraries || missing+=(pkg-config librdkafka-dev libjansson-dev)
    command -v make >/dev/null 2>&1 || missing+=(make)
    [ $# -eq 0 ] || missing+=("$@")
    [ ${#missing[@]} -eq 0 ] || apt_install "${missing[@]}"
elif have_libraries; then
    :
elif command -v dnf >/dev/null 2>&1; then
    say "installing librdkafka-devel, jansson-devel and pkgconf-pkg-config with dnf"
    as_root dnf install -y -q librdkafka-devel jansson-devel pkgconf-pkg-config make
elif command -v brew >/dev/null 2>&1; then
    say "installing librdkafka, jansson and pkgconf with brew"
    brew install --quiet librdkafka jansson pkgconf
else
    say "no apt-get, dnf or brew here; please install these yourself, with their headers:"
    say "  librdkafka $least_librdkafka or newer, Jansson, pkg-config"
    exit 1
fi

if ! have_libraries; then
    say "librdkafka $least_librdkafka or newer and Jansson are needed, but pkg-config finds" \
        "rdkafka $(pkg-config --modversion rdkafka 2>/dev/null || echo 'nowhere')" \
        "and jansson $(pkg-config --modversion jansson 2>/dev/null || echo 'nowhere')"
    exit 1
fi

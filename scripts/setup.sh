#!/usr/bin/env bash
# Installs the system packages that krun needs: pkg-config, librdkafka and Jansson with their headers (and make, where it is
# missing). Silent when everything is there. Further packages may be named as arguments: Debian's names, apt only.
set -euo pipefail

least_librdkafka=2.0.2

say() { printf 'setup: %s\n' "$*" >&2; }

have_libraries() {
    command -v pkg-config >/dev/null 2>&1 && pkg-config --exists "rdkafka >= $least_librdkafka" jansson 2>/dev/null
}

# What stands before a command that needs root: nothing, or sudo.
root=()

become_root() {
    [ "$(id -u)" -ne 0 ] || return 0
    if ! command -v sudo >/dev/null 2>&1; then
        say "installing packages needs root, and there is no sudo here; as root, run: $0"
        exit 1
    fi
    root=(sudo)
    # Without a terminal a question for the password would hang.
    [ -t 0 ] || root=(sudo -n)
}

apt_install() {
    say "installing $* with apt-get"
    become_root
    local install=(${root[@]+"${root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends)
    # Fresh containers have no package lists; the first try is for those that have.
    "${install[@]}" "$@" >/dev/null 2>&1 && return
    ${root[@]+"${root[@]}"} apt-get update -qq
    "${install[@]}" "$@" >/dev/null
}

if command -v apt-get >/dev/null 2>&1; then
    missing=()
    have_libraries || missing+=(pkg-config librdkafka-dev libjansson-dev)
    command -v make >/dev/null 2>&1 || missing+=(make)
    [ $# -eq 0 ] || missing+=("$@")
    [ ${#missing[@]} -eq 0 ] || apt_install "${missing[@]}"
elif have_libraries; then
    :
elif command -v dnf >/dev/null 2>&1; then
    say "installing librdkafka-devel, jansson-devel and pkgconf-pkg-config with dnf"
    become_root
    ${root[@]+"${root[@]}"} dnf install -y -q librdkafka-devel jansson-devel pkgconf-pkg-config make
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

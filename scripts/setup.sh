#!/usr/bin/env bash
# Installs the system packages that krun needs: pkg-config, librdkafka, Jansson and the codecs of record batches, with their headers (and
# make, where it is missing). Silent when everything is there. Further packages may be named as arguments: Debian's names, apt only.
set -euo pipefail

least_librdkafka=2.0.2

say() { printf 'setup: %s\n' "$*" >&2; }

have_libraries() {
    command -v pkg-config >/dev/null 2>&1 || return 1
    pkg-config --exists "rdkafka >= $least_librdkafka" jansson zlib liblz4 libzstd 2>/dev/null && have_snappy
}

# Snappy's pkg-config file is not everywhere.
have_snappy() {
    local prefix
    for prefix in /usr /usr/local /opt/homebrew; do
        [ ! -e "$prefix/include/snappy-c.h" ] || return 0
    done
    return 1
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
    have_libraries || missing+=(pkg-config librdkafka-dev libjansson-dev zlib1g-dev liblz4-dev libzstd-dev libsnappy-dev)
    command -v make >/dev/null 2>&1 || missing+=(make)
    [ $# -eq 0 ] || missing+=("$@")
    [ ${#missing[@]} -eq 0 ] || apt_install "${missing[@]}"
elif have_libraries; then
    :
elif command -v dnf >/dev/null 2>&1; then
    packages=(librdkafka-devel jansson-devel zlib-devel lz4-devel libzstd-devel snappy-devel pkgconf-pkg-config make)
    say "installing ${packages[*]} with dnf"
    become_root
    ${root[@]+"${root[@]}"} dnf install -y -q "${packages[@]}"
elif command -v brew >/dev/null 2>&1; then
    packages=(librdkafka jansson zlib lz4 zstd snappy pkgconf)
    say "installing ${packages[*]} with brew"
    brew install --quiet "${packages[@]}"
else
    say "no apt-get, dnf or brew here; please install these yourself, with their headers:"
    say "  librdkafka $least_librdkafka or newer, Jansson, zlib, lz4, zstd, snappy, pkg-config"
    exit 1
fi

if ! have_libraries; then
    say "these are needed with their headers:"
    for library in rdkafka jansson zlib liblz4 libzstd; do
        say "  $library: pkg-config finds $(pkg-config --modversion "$library" 2>/dev/null || echo 'none')"
    done
    have_snappy || say "  snappy: there is no snappy-c.h"
    say "librdkafka must be $least_librdkafka or newer"
    exit 1
fi

#!/usr/bin/env bash
# Installs the system packages that krun needs: pkg-config, librdkafka, Jansson and the codecs of record batches, with their headers (and
# make, where it is missing). Silent when everything is there. Who may not install packages is told what to ask an administrator for.
# Further packages may be named as arguments: Debian's names, apt only.
set -euo pipefail

least_librdkafka=2.0.2

# What is needed, and its package with apt, dnf and brew. The first column is pkg-config's name, but for programs and Snappy, whose
# pkg-config file is not everywhere.
needed='
pkg-config  pkg-config       pkgconf-pkg-config  pkgconf
rdkafka     librdkafka-dev   librdkafka-devel    librdkafka
jansson     libjansson-dev   jansson-devel       jansson
zlib        zlib1g-dev       zlib-devel          zlib
liblz4      liblz4-dev       lz4-devel           lz4
libzstd     libzstd-dev      libzstd-devel       zstd
snappy      libsnappy-dev    snappy-devel        snappy
make        make             make                make
'

say() { printf 'setup: %s\n' "$*" >&2; }

have() {
    local prefix
    case "$1" in
    pkg-config | make) command -v "$1" >/dev/null 2>&1 ;;
    snappy)
        for prefix in /usr /usr/local /opt/homebrew; do
            [ ! -e "$prefix/include/snappy-c.h" ] || return 0
        done
        return 1
        ;;
    rdkafka) pkg-config --exists "rdkafka >= $least_librdkafka" 2>/dev/null ;;
    *) pkg-config --exists "$1" 2>/dev/null ;;
    esac
}

# missing COLUMN: the packages of what is not there, by their names in that column of the table.
missing() {
    local name apt dnf brew
    while read -r name apt dnf brew; do
        [ -z "$name" ] || have "$name" || printf '%s\n' "${!1}"
    done <<<"$needed"
}

# What stands before a command that needs root: nothing, or sudo.
root=()

# become_root COMMAND...: finds out whether packages can be installed here; COMMAND is what an administrator would type.
become_root() {
    [ "$(id -u)" -ne 0 ] || return 0
    # Without a terminal a question for the password would hang.
    if command -v sudo >/dev/null 2>&1 && if [ -t 0 ]; then sudo -v; else sudo -n true 2>/dev/null; fi; then
        root=(sudo)
        return 0
    fi
    say "what is missing can be installed by an administrator only; ask one for:"
    say "  $*"
    exit 1
}

apt_install() {
    become_root apt-get install -y --no-install-recommends "$@"
    say "installing $* with apt-get"
    local install=(${root[@]+"${root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends)
    # Fresh containers have no package lists; the first try is for those that have.
    "${install[@]}" "$@" >/dev/null 2>&1 && return
    ${root[@]+"${root[@]}"} apt-get update -qq
    "${install[@]}" "$@" >/dev/null
}

if command -v apt-get >/dev/null 2>&1; then
    packages=()
    while read -r package; do packages+=("$package"); done < <(missing apt)
    packages+=("$@")
    [ ${#packages[@]} -eq 0 ] || apt_install "${packages[@]}"
elif [ -z "$(missing apt)" ]; then
    :
elif command -v dnf >/dev/null 2>&1; then
    packages=()
    while read -r package; do packages+=("$package"); done < <(missing dnf)
    become_root dnf install -y "${packages[@]}"
    say "installing ${packages[*]} with dnf"
    ${root[@]+"${root[@]}"} dnf install -y -q "${packages[@]}"
elif command -v brew >/dev/null 2>&1; then
    packages=()
    while read -r package; do packages+=("$package"); done < <(missing brew)
    say "installing ${packages[*]} with brew"
    brew install --quiet "${packages[@]}"
else
    say "no apt-get, dnf or brew here; please install these yourself, with their headers:"
    say "  librdkafka $least_librdkafka or newer, Jansson, zlib, lz4, zstd, snappy, pkg-config"
    exit 1
fi

still_missing=$(missing apt)
if [ -n "$still_missing" ]; then
    say "these are needed with their headers:"
    for library in rdkafka jansson zlib liblz4 libzstd; do
        say "  $library: pkg-config finds $(pkg-config --modversion "$library" 2>/dev/null || echo 'none')"
    done
    have snappy || say "  snappy: there is no snappy-c.h"
    say "librdkafka must be $least_librdkafka or newer"
    exit 1
fi

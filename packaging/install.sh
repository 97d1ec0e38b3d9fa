#!/usr/bin/env bash
# Installs krun's tarball below a folder, after it has compared its checksum:
#
#   install.sh --releases URL --version VERSION [--to FOLDER]
#
# URL/vVERSION/ has krun-VERSION-linux-ARCH.tar.gz and SHA256SUMS. FOLDER is ~/.local unless it is said; the program is in its bin.
set -euo pipefail

fail() {
    echo "install: $*" >&2
    exit 1
}

releases="" version="" folder="${HOME:-}/.local"
while [ $# -gt 0 ]; do
    [ $# -ge 2 ] || fail "$1 takes a value"
    case "$1" in
    --releases) releases=$2 ;;
    --version) version=$2 ;;
    --to) folder=$2 ;;
    *) fail "there is no option $1: --releases URL --version VERSION [--to FOLDER]" ;;
    esac
    shift 2
done
[ -n "$releases" ] || fail "--releases URL says where the files are"
[[ "$version" =~ ^[0-9]+\.[0-9]+\.[0-9]+ ]] || fail "--version takes a version such as 0.1.0, not '$version'"
[ "$(uname -s)" = Linux ] || fail "the tarball is for Linux; on $(uname -s) krun is built from its sources"

name=krun-$version-linux-$(uname -m)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
for file in "$name.tar.gz" SHA256SUMS; do
    curl --fail --silent --show-error --location --retry 3 --output "$scratch/$file" "$releases/v$version/$file" ||
        fail "$releases/v$version/$file is not to be had"
done
# Only of this file: the others are not here.
grep -F "  $name.tar.gz" "$scratch/SHA256SUMS" >"$scratch/sum" || fail "SHA256SUMS has no $name.tar.gz"
(cd "$scratch" && sha256sum --check --status sum) || fail "$name.tar.gz is not what SHA256SUMS says: nothing was installed"

mkdir -p "$folder"
tar -xzf "$scratch/$name.tar.gz" --strip-components=1 --no-same-owner -C "$folder"
"$folder/bin/krun" --version >/dev/null || fail "krun does not run here: glibc may be too old (docs/install.md)"
echo "installed krun $version: $folder/bin/krun" >&2

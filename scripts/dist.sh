#!/usr/bin/env bash
# Packs krun for machines without Swift, of what `make release` built: a tarball, a .deb, an .rpm, their checksums, a bill of materials, and
# where git is, the sources and a formula for Homebrew, all of it in .build/dist. Made on Debian or Ubuntu, whose C libraries it takes along.
#
# --tarball-only makes nothing else. KRUN_DIST is another folder than .build/dist.
#
# The same sources, Swift and libraries give the same bytes: nothing in it knows the time but SOURCE_DATE_EPOCH, the commit's time unless it is said.
set -euo pipefail
cd "$(dirname "$0")/.."
umask 022

fail() {
    echo "dist: $*" >&2
    exit 1
}

tarball_only=""
case "${1:-}" in
"") ;;
--tarball-only) tarball_only=1 ;;
*) fail "there is no option $1: --tarball-only" ;;
esac

if [ -z "${SOURCE_DATE_EPOCH:-}" ]; then
    SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null) || fail "without git, SOURCE_DATE_EPOCH must say of when the sources are"
fi
export SOURCE_DATE_EPOCH

command -v dpkg-deb >/dev/null 2>&1 || fail "it is made on Debian or Ubuntu: there is no dpkg-deb here"
wanted=()
[ -n "$tarball_only" ] || command -v rpmbuild >/dev/null 2>&1 || wanted+=(rpm)
command -v patchelf >/dev/null 2>&1 || wanted+=(patchelf)
[ ${#wanted[@]} -eq 0 ] || scripts/setup.sh "${wanted[@]}"

version=$(python3 packaging/inventory.py --version)
architecture=$(uname -m)
name=krun-$version-linux-$architecture
dist=${KRUN_DIST:-.build/dist}
work=$dist/work
stage=$work/$name
maintainer=${KRUN_MAINTAINER:-krun maintainers <maintainers@krun.invalid>}

rm -rf "$dist"
mkdir -p "$stage/bin" "$stage/lib/krun" "$stage/share/doc/krun/examples" "$stage/share/man/man1"

python3 packaging/inventory.py --facts >"$work/facts"
packaging/link.sh "$work/link/krun" "$work/facts"
cp "$work/link/krun" "$stage/bin/krun"

# The C libraries beside it, each of which looks for the others in its own folder; glibc is the machine's own.
ldd "$stage/bin/krun" | while read -r library arrow file _; do
    [ "$arrow" = "=>" ] || continue
    case "$library" in
    libc.so.* | libm.so.* | libdl.so.* | libpthread.so.* | librt.so.* | libresolv.so.* | linux-vdso.so.*) continue ;;
    esac
    realpath "$file" >>"$work/link/shared"
    cp "$(realpath "$file")" "$stage/lib/krun/$library"
    chmod 644 "$stage/lib/krun/$library"
    # shellcheck disable=SC2016
    patchelf --set-rpath '$ORIGIN' "$stage/lib/krun/$library"
done
krun=$stage/bin/krun
if ldd "$krun" | grep -E 'not found|swift'; then fail "the program needs what is not packed"; fi
glibc=$(objdump -T "$krun" "$stage"/lib/krun/* | grep -o 'GLIBC_[0-9.]*[0-9]' | sort -V -u | tail -n 1 | cut -d_ -f2)

# What a shell, man and a reader look for.
python3 packaging/manual.py "$krun" "$stage/share/man/man1"
gzip -n -9 "$stage"/share/man/man1/*.1
mkdir -p "$stage/share/bash-completion/completions" "$stage/share/zsh/site-functions" "$stage/share/fish/vendor_completions.d"
# It is sourced: the first line, which would name the program to run it, is no part of it.
"$krun" --generate-completion-script bash | sed '1{/^#!/d}' >"$stage/share/bash-completion/completions/krun"
"$krun" --generate-completion-script zsh >"$stage/share/zsh/site-functions/_krun"
"$krun" --generate-completion-script fish >"$stage/share/fish/vendor_completions.d/krun.fish"
cp README.md CHANGELOG.md LICENSE docs/install.md docs/stability.md "$stage/share/doc/krun/"
cp scenarios/basic.json "$stage/share/doc/krun/examples/"
cp schema/*.json "$stage/share/doc/krun/"
python3 packaging/inventory.py "$stage" "$work/link"

# pack TARBALL FOLDER: one folder of $work.
pack() {
    tar -C "$work" --sort=name --format=gnu --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner -cf - "$2" | gzip -n -6 >"$1"
}
pack "$dist/$name.tar.gz" "$name"
[ -z "$tarball_only" ] || exit 0
cp "$stage/share/doc/krun/sbom.cdx.json" "$dist/$name.cdx.json"

packaging/deb.sh "$stage" "$dist" "$version" "$glibc" "$maintainer"

# The same files as an .rpm; nothing is stripped, compressed or looked for again.
topdir=$(realpath "$work")/rpm
rpmbuild -bb --quiet --define "_topdir $topdir" --define "krun_stage $(realpath "$stage")" --define "krun_version $version" \
    --define "krun_glibc $glibc" --define "krun_packager $maintainer" \
    --define "krun_date $(LC_ALL=C date -u -d "@$SOURCE_DATE_EPOCH" '+%a %b %d %Y')" packaging/krun.spec >"$work/rpm.log" 2>&1 || {
    cat "$work/rpm.log" >&2
    exit 1
}
cp "$topdir"/RPMS/*/*.rpm "$dist/"

# What others build from, and Homebrew's formula for it: KRUN_RELEASES is where the files will be found.
if git rev-parse --verify --quiet HEAD >/dev/null 2>&1; then
    git archive --format=tar --prefix="krun-$version/" HEAD | gzip -n -6 >"$dist/krun-$version.tar.gz"
    sum=$(sha256sum "$dist/krun-$version.tar.gz" | cut -d' ' -f1)
    sed -e "s|@VERSION@|$version|g" -e "s|@SHA256@|$sum|g" -e "s|@RELEASES@|${KRUN_RELEASES:-https://krun.invalid/releases}|g" \
        packaging/homebrew/krun.rb.in >"$dist/krun.rb"
fi

(cd "$dist" && find . -maxdepth 1 -type f -printf '%f\n' | LC_ALL=C sort | xargs sha256sum) >"$work/SHA256SUMS"
mv "$work/SHA256SUMS" "$dist/SHA256SUMS"
printf '%s\n' "$glibc" >"$work/glibc"
(cd "$dist" && find . -maxdepth 1 -type f -printf '%s\t%f\n' | LC_ALL=C sort -k2)
echo "dist: needs glibc $glibc or newer"

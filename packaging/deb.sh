#!/usr/bin/env bash
# Makes a .deb of a staged krun: deb.sh STAGE FOLDER VERSION GLIBC MAINTAINER.
set -euo pipefail

stage=$1 folder=$2 version=$3 glibc=$4 maintainer=$5
here=$(dirname "$0")
architecture=$(dpkg --print-architecture)
root=$(dirname "$stage")/deb
docs=$root/usr/share/doc/krun

rm -rf "$root"
mkdir -p "$root/DEBIAN" "$root/usr"
cp -R "$stage/." "$root/usr/"

# Where Debian's zsh looks.
mkdir -p "$root/usr/share/zsh/vendor-completions"
mv "$root/usr/share/zsh/site-functions/_krun" "$root/usr/share/zsh/vendor-completions/_krun"
rmdir "$root/usr/share/zsh/site-functions"

# What Debian wants to be told of a package, and how.
cp "$here/debian/copyright" "$docs/copyright"
rm "$docs/LICENSE"
{
    printf 'krun (%s) stable; urgency=medium\n\n  * What has changed is in CHANGELOG.md.\n\n' "$version"
    printf ' -- %s  %s\n' "$maintainer" "$(LC_ALL=C date -u -R -d "@$SOURCE_DATE_EPOCH")"
} | gzip -n -9 >"$docs/changelog.gz"
install -D -m 644 "$here/debian/lintian-overrides" "$root/usr/share/lintian/overrides/krun"

size=$(du -k -s --apparent-size "$root/usr" | cut -f1)
sed -e "s|@VERSION@|$version|" -e "s|@ARCHITECTURE@|$architecture|" -e "s|@GLIBC@|$glibc|" -e "s|@SIZE@|$size|" \
    -e "s|@MAINTAINER@|$maintainer|" "$here/debian/control.in" >"$root/DEBIAN/control"
(cd "$root" && find usr -type f | LC_ALL=C sort | xargs -d '\n' md5sum) >"$root/DEBIAN/md5sums"
chmod -R u=rwX,go=rX "$root"
find "$root" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +

dpkg-deb --root-owner-group --threads-max=2 -Zxz -z1 --build "$root" "$folder/krun_${version}_$architecture.deb" >/dev/null

#!/usr/bin/env bash
# Tries what `make dist` made on a machine that has nothing: a bare Debian without Swift, in which the .deb is installed, run and removed, and then
# the tarball unpacked and run, by a user without any capability.
#
# Needs root (chroot) and mmdebstrap, which it installs; whoever is not root is told so, and nothing is tried. The bare Debian stays in .build.
set -euo pipefail
cd "$(dirname "$0")/.."

# Bytes of the tarball, and milliseconds of `krun --help`, at most.
most_bytes=40000000
most_milliseconds=20

fail() {
    echo "dist-check: $*" >&2
    exit 1
}

dist=.build/dist
[ -r "$dist/SHA256SUMS" ] || fail "there is nothing to check: make dist"
version=$(python3 packaging/inventory.py --version)
name=krun-$version-linux-$(uname -m)
tarball=$dist/$name.tar.gz
deb=$dist/krun_${version}_$(dpkg --print-architecture).deb

(cd "$dist" && sha256sum --check --quiet SHA256SUMS)
bytes=$(stat -c %s "$tarball")
[ "$bytes" -lt "$most_bytes" ] || fail "$tarball has $bytes bytes, more than $most_bytes"

# The same files give the same bytes, whoever packs them.
KRUN_DIST=.build/dist-again scripts/dist.sh --tarball-only >/dev/null
cmp "$tarball" ".build/dist-again/$name.tar.gz" || fail "packed again it is another tarball"
rm -rf .build/dist-again

if [ "$(id -u)" -ne 0 ]; then
    echo "dist-check: the sums and the size hold; the rest needs root, for a bare Debian (chroot)"
    exit 0
fi

command -v mmdebstrap >/dev/null 2>&1 || scripts/setup.sh mmdebstrap
base=.build/bare-bookworm.tar
[ -e "$base" ] || { mmdebstrap --quiet --variant=essential bookworm "${base%.tar}-new.tar" && mv "${base%.tar}-new.tar" "$base"; }

# Without /proc a program cannot tell where it is; a namespace of its own takes the mount away again.
if [ -z "${KRUN_IN_NAMESPACE:-}" ]; then
    KRUN_IN_NAMESPACE=1 exec unshare --mount --propagation private "$0"
fi
root=$(mktemp -d)
trap 'umount "$root/proc" 2>/dev/null; rm -rf --one-file-system "$root"' EXIT
chmod 755 "$root"
tar -xf "$base" -C "$root"
[ -z "$(find "$root" -name '*libswift*')" ] || fail "the bare Debian has Swift's libraries"
mount -t proc proc "$root/proc"

# as_user PROGRAM...: in the bare Debian, without a HOME.
as_user() {
    chroot "$root" /usr/bin/setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all --inh-caps=-all \
        /usr/bin/env -i PATH=/usr/local/bin:/usr/bin:/bin TMPDIR=/tmp "$@"
}

# try NAME KRUN SCENARIO: a scenario of which everything holds, one of which something does not, and how long krun takes to begin.
try() {
    local ended=0
    as_user "$2" --version | head -n 1 | grep -qxF "krun $version" || fail "$1: another version: $(as_user "$2" --version | head -n 1)"
    as_user "$2" "$3" >"$root/tmp/out" || fail "$1: basic.json did not pass: $(cat "$root/tmp/out")"
    grep -q '^1 scenario: 1 passed' "$root/tmp/out" || fail "$1: no scenario passed: $(cat "$root/tmp/out")"
    as_user "$2" /srv/wrong.json >"$root/tmp/out" 2>&1 || ended=$?
    [ $ended -eq 4 ] || fail "$1: what does not hold ends with $ended, not 4: $(cat "$root/tmp/out")"
    python3 packaging/startup.py "$most_milliseconds" "$root" "$2" || fail "$1: krun --help takes too long"
}

echo "127.0.0.1 localhost" >"$root/etc/hosts"
cp scenarios/basic.json "$root/srv/basic.json"
python3 - >"$root/srv/wrong.json" <<'PYTHON'
import json

scenario = json.load(open("scenarios/basic.json", encoding="utf-8"))
scenario["steps"][-1].setdefault("expect", {})["messages"] = 4711
json.dump(scenario, open(1, "w", encoding="utf-8", closefd=False))
PYTHON

cp "$deb" "$root/tmp/krun.deb"
chroot "$root" dpkg --install /tmp/krun.deb >"$root/tmp/log" 2>&1 || fail "the .deb cannot be installed: $(cat "$root/tmp/log")"
try "the .deb" krun /usr/share/doc/krun/examples/basic.json
chroot "$root" dpkg --purge krun >"$root/tmp/log" 2>&1 || fail "the .deb cannot be removed: $(cat "$root/tmp/log")"
left=$(find "$root/usr" -name '*krun*')
[ -z "$left" ] || fail "the .deb leaves behind: $left"

# Where it is does not matter, nor that it is found by a link.
mkdir -p "$root/opt/some where" "$root/usr/local/bin"
tar -xzf "$tarball" -C "$root/opt/some where"
ln -s "/opt/some where/$name/bin/krun" "$root/usr/local/bin/krun"
try "the tarball" krun /srv/basic.json

# TLS, where certificates are kept elsewhere than in Debian: without them the server is not believed, with them it is.
mkdir "$root/tls"
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
    -keyout "$root/tls/key.pem" -out "$root/tls/cert.pem" 2>/dev/null
openssl s_server -accept 0 -naccept 20 -key "$root/tls/key.pem" -cert "$root/tls/cert.pem" >"$root/tls/log" 2>&1 </dev/zero &
server=$!
trap 'kill "$server" 2>/dev/null; umount "$root/proc" 2>/dev/null; rm -rf --one-file-system "$root"' EXIT
port=""
for _ in $(seq 100); do
    port=$(sed -n 's/^ACCEPT .*:\([0-9]*\)$/\1/p' "$root/tls/log")
    [ -z "$port" ] || break
    sleep 0.1
done
[ -n "$port" ] || fail "openssl s_server does not listen: $(cat "$root/tls/log")"
ask() {
    as_user krun topics list --brokers "localhost:$port" -X security.protocol=ssl --timeout 3s 2>&1 || true
}
said=$(ask)
grep -q "certificate verify failed" <<<"$said" || fail "a server that nobody knows was believed: $said"
mkdir -p "$root/etc/pki/tls/certs"
cp "$root/tls/cert.pem" "$root/etc/pki/tls/certs/ca-bundle.crt"
said=$(ask)
! grep -q "certificate verify failed" <<<"$said" || fail "the system's certificates are not looked at: $said"
grep -q "localhost:$port" <<<"$said" || fail "another server was asked: $said"

echo "dist-check: $((bytes / 1000000)) MB; the .deb and the tarball run where there is no Swift"

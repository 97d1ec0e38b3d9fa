#!/usr/bin/env bash
# Links krun for machines without Swift: link.sh OUTPUT FACTS, of what `make release` compiled.
#
# The objects are those of the ordinary release build; only the libraries differ. Linked in are Swift's own, those of C++, snappy and Jansson;
# librdkafka and what it needs are looked for in lib/krun beside the program's folder. FACTS, a file of lines with a name, a tab and a text, is
# what `krun --version` tells of the build. Which C libraries are inside stands in a file `archives` beside OUTPUT afterwards.
set -euo pipefail
cd "$(dirname "$0")/.."

output=$1
facts=$2
objects=.build/release/krun.product/Objects.LinkFileList
swiftc=${SWIFTC:-swiftc}
cc=${CC:-$(command -v cc || command -v clang)}

fail() {
    echo "link: $*" >&2
    exit 1
}

[ -r "$objects" ] || fail "no release build is here: make release"
resources=$("$swiftc" -print-target-info | python3 -c 'import json, sys; print(json.load(sys.stdin)["paths"]["runtimeResourcePath"])')
libraries=$(dirname "$resources")/swift_static/linux
[ -d "$libraries" ] || fail "this Swift has no static libraries: $libraries is missing"

folder=$(dirname "$output")
rm -rf "$folder/static"
mkdir -p "$folder/static"

# A folder with nothing but these, so that the linker does not prefer the shared ones.
: >"$folder/archives"
for name in jansson snappy stdc++ gcc; do
    archive=$("$cc" -print-file-name="lib$name.a")
    [ -e "$archive" ] || fail "there is no lib$name.a"
    realpath "$archive" >>"$folder/archives"
    ln -s "$(realpath "$archive")" "$folder/static/lib$name.a"
done

# What the objects name the driver finds; what those libraries need in turn it is told. What talks to networks or reads XML in Foundation,
# and differentiation and distributed actors, are no part of krun.
needed=(-Xlinker -lstdc++)
for archive in "$libraries"/lib*.a; do
    name=$(basename "$archive" .a)
    case "$name" in
    *Networking | *XML | *URLSession* | *Differentiation | *Distributed) ;;
    *) needed+=(-Xlinker "-l${name#lib}") ;;
    esac
done
read -ra c_libraries <<<"$(pkg-config --libs rdkafka jansson zlib liblz4 libzstd) -lsnappy -lm"

python3 - "$facts" >"$folder/facts.c" <<'PYTHON'
import sys

print("const char krun_linked_facts[] =")
for line in open(sys.argv[1], encoding="utf-8").read().splitlines():
    escaped = "".join(c if c.isascii() and c.isprintable() and c not in '"\\' else f"\\{ord(c):03o}" for c in line)
    print(f'    "{escaped}\\n"')
print('    "";')
PYTHON
"$cc" -c -fPIC -o "$folder/facts.o" "$folder/facts.c"
for part in glibc certificates; do
    "$cc" -c -O2 -Wall -Wextra -Werror -fno-builtin -fPIC -o "$folder/$part.o" "packaging/$part.c"
done

# Names that a backtrace shows stay: they are dynamic symbols.
# shellcheck disable=SC2016
"$swiftc" -static-stdlib -emit-executable -module-name krun -o "$output" "@$objects" "$folder"/{facts,glibc,certificates}.o -L "$folder/static" \
    -Xlinker --gc-sections -Xlinker --defsym -Xlinker main=krun_main -Xlinker --build-id=sha1 -Xlinker --strip-all \
    -Xlinker '-rpath=$ORIGIN/../lib/krun' -Xclang-linker -static-libgcc \
    "${c_libraries[@]}" -Xlinker --start-group "${needed[@]}" -Xlinker --end-group 2>"$folder/link.log" || {
    cat "$folder/link.log" >&2
    exit 1
}
# Foundation has functions that glibc's authors warn of.
grep -v "the use of .* is dangerous" "$folder/link.log" >&2 || true

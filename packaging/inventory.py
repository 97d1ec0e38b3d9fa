#!/usr/bin/env python3
"""What is inside a packed krun: inventory.py STAGE LINK, after its program and its C libraries are there.

Writes STAGE/share/doc/krun/sbom.cdx.json, a bill of materials in the form of CycloneDX 1.6, and the licences of everything in it below
STAGE/share/doc/krun/licenses. LINK is the folder with the lists `archives` and `shared`: the C libraries in the program, and where those beside
it are from. With --facts alone it writes what `krun --version` shall say, lines of a name, a tab and a text; with --version krun's version.

A package of Swift is inside when objects of one of its modules were linked; a C library, when it lies in STAGE/lib/krun or is one of `archives`.
"""

import datetime
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import urllib.parse
import uuid

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / ".build"
# Of every package of Swift that krun uses.
SWIFT_PACKAGES_LICENCE = "Apache-2.0"
# By Debian's source packages.
C_LICENCES = {
    "librdkafka": "BSD-2-Clause",
    "jansson": "MIT",
    "zlib": "Zlib",
    "lz4": "BSD-2-Clause",
    "libzstd": "BSD-3-Clause",
    "snappy": "BSD-3-Clause",
    "openssl": "Apache-2.0",
    "cyrus-sasl2": "BSD-Attribution-HPND-disclaimer",
    "gcc": "GPL-3.0-or-later WITH GCC-exception-3.1",
}


def output(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def version() -> str:
    source = (ROOT / "Sources/krun/Krun.swift").read_text(encoding="utf-8")
    return re.search(r'static let krun = "([^"]+)"', source).group(1)


def swift_version() -> str:
    return re.search(r"Swift version (\S+)", output(os.environ.get("SWIFTC", "swiftc"), "--version")).group(1)


def commit() -> str | None:
    """The commit, with a word where files differ from it; None without git."""
    try:
        revision = output("git", "-C", str(ROOT), "rev-parse", "HEAD")
        changed = output("git", "-C", str(ROOT), "status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.CalledProcessError):
        return os.environ.get("KRUN_COMMIT") or None
    return revision + (" with changes" if changed else "")


def swift_packages():
    """Those whose objects are linked: name, version, revision, where from, and their folder."""
    objects = (BUILD / "release/krun.product/Objects.LinkFileList").read_text(encoding="utf-8")
    modules = set(re.findall(r"/([^/\s]+)\.build/", objects))
    pins = json.loads((ROOT / "Package.resolved").read_text(encoding="utf-8"))["pins"]
    for pin in sorted(pins, key=lambda pin: pin["identity"]):
        checkout = BUILD / "checkouts" / pathlib.PurePath(pin["location"]).name.removesuffix(".git")
        folders = {path.name for path in (checkout / "Sources").rglob("*") if path.is_dir()}
        if folders & modules:
            yield pin["identity"], pin["state"]["version"], pin["state"]["revision"], pin["location"], checkout


class Library:
    """A C library that is inside, and what Debian knows of it."""

    def __init__(self, file: pathlib.Path, place: str, origin: pathlib.Path):
        """`file` is what is inside, at `place`; `origin` is what the system has of it."""
        self.file, self.place = file, place
        owner = None
        # Of a system whose /lib is /usr/lib dpkg may know either name.
        for path in (origin, pathlib.Path("/") / origin.relative_to("/usr") if origin.is_relative_to("/usr") else origin):
            said = subprocess.run(["dpkg-query", "-S", str(path)], capture_output=True, text=True, check=False)
            if said.returncode == 0:
                owner = said.stdout.split(": ")[0]
        if owner is None:
            raise SystemExit(f"inventory: {origin} is of no package of Debian")
        fields = "${Package} ${Version} ${source:Package} ${source:Upstream-Version} ${Architecture}"
        said = output("dpkg-query", "-W", "-f", fields, owner).split(" ")
        self.package, self.version, self.source, self.upstream, self.architecture = said

    @property
    def licence(self) -> str:
        return C_LICENCES[re.sub(r"^gcc-\d+$", "gcc", self.source)]


def c_libraries(stage: pathlib.Path, link: pathlib.Path) -> list[Library]:
    """Those beside the program and those in it; `link` has the lists of where they were."""
    found = []
    for origin in map(pathlib.Path, sorted((link / "shared").read_text(encoding="utf-8").splitlines())):
        file = next(file for file in (stage / "lib/krun").iterdir() if origin.name.startswith(file.name))
        found.append(Library(file, f"lib/krun/{file.name}", origin))
    for origin in map(pathlib.Path, sorted((link / "archives").read_text(encoding="utf-8").splitlines())):
        found.append(Library(origin, "bin/krun", origin))
    return found


def moment() -> str:
    seconds = int(os.environ["SOURCE_DATE_EPOCH"])
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def sha256(file: pathlib.Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def component(kind: str, name: str, number: str, licence: str, purl: str | None = None, **more) -> dict:
    key = "expression" if " " in licence else "license"
    value = licence if key == "expression" else {"id": licence}
    made = {"type": kind, "name": name, "version": number, "licenses": [{key: value}]}
    made["bom-ref"] = purl or f"{name}@{number}"
    if purl:
        made["purl"] = purl
    return made | more


def bill(stage: pathlib.Path, libraries: list[Library]) -> dict:
    toolchain = swift_version()
    parts = []
    for name, number, revision, location, _ in swift_packages():
        place = location.removeprefix("https://").removesuffix(".git")
        parts.append(
            component(
                "library", name, number, SWIFT_PACKAGES_LICENCE, f"pkg:swift/{place}@{number}",
                externalReferences=[{"type": "vcs", "url": location, "comment": revision}],
            )
        )
    parts.append(component("library", "swift", toolchain, "Apache-2.0 WITH Swift-exception"))
    parts.append(component("library", "swift-foundation-icu", toolchain, "Unicode-3.0"))
    for library in libraries:
        number = urllib.parse.quote(library.version, safe="")
        parts.append(
            component(
                "library", library.package, library.upstream, library.licence,
                f"pkg:deb/debian/{library.package}@{number}?arch={library.architecture}",
                **{"bom-ref": f"{library.package}/{library.file.name}"},
                hashes=[{"alg": "SHA-256", "content": sha256(library.file)}],
                properties=[
                    {"name": "krun:inside", "value": library.place}, {"name": "krun:source-package", "value": library.source},
                ],
            )
        )
    own = component("application", "krun", version(), "Apache-2.0", hashes=[{"alg": "SHA-256", "content": sha256(stage / "bin/krun")}])
    # The same input has the same number: it is made of what is inside.
    serial = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps([own, parts], sort_keys=True))
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {"timestamp": moment(), "component": own},
        "components": parts,
        "dependencies": [{"ref": own["bom-ref"], "dependsOn": [part["bom-ref"] for part in parts]}],
    }


def licences(stage: pathlib.Path, libraries: list[Library]):
    """Copies the texts: whose they are is the name of the file."""
    folder = stage / "share/doc/krun/licenses"
    folder.mkdir(parents=True, exist_ok=True)
    for name, _, _, _, checkout in swift_packages():
        texts = sorted(file for file in checkout.iterdir() if file.name.upper().startswith(("LICENSE", "NOTICE")))
        if not any(file.name.upper().startswith("LICENSE") for file in texts):
            raise SystemExit(f"inventory: {name} has no licence")
        for file in texts:
            shutil.copyfile(file, folder / f"{name}.{file.stem.upper()}")
    target = json.loads(output(os.environ.get("SWIFTC", "swiftc"), "-print-target-info"))
    usr = pathlib.Path(target["paths"]["runtimeResourcePath"]).parent.parent
    shutil.copyfile(usr / "share/swift/LICENSE.txt", folder / "swift.LICENSE")
    shutil.copyfile(ROOT / "packaging/licenses/Unicode-3.0.txt", folder / "swift-foundation-icu.LICENSE")
    for library in libraries:
        shutil.copyfile(pathlib.Path("/usr/share/doc") / library.package / "copyright", folder / f"{library.package}.copyright")
    # Debian's files name this text, which other systems do not have.
    shutil.copyfile("/usr/share/common-licenses/GPL-3", folder / "GPL-3")


def facts() -> str:
    lines = [("commit", commit())] if commit() else []
    lines.append(("Swift", swift_version()))
    lines += [(name, number) for name, number, *_ in swift_packages()]
    return "".join(f"{name}\t{text}\n" for name, text in lines)


def main() -> int:
    if sys.argv[1] == "--facts":
        sys.stdout.write(facts())
        return 0
    if sys.argv[1] == "--version":
        print(version())
        return 0
    stage = pathlib.Path(sys.argv[1])
    libraries = c_libraries(stage, pathlib.Path(sys.argv[2]))
    licences(stage, libraries)
    text = json.dumps(bill(stage, libraries), indent=2)
    (stage / "share/doc/krun/sbom.cdx.json").write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

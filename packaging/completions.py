#!/usr/bin/env python3
"""Presses Tab in real shells: completions.py STAGE, of a packed krun, in bash, zsh and fish, at an embedded broker's topics among others.

Ends with 1 where a shell completes something else than is expected; a shell that is not installed is named, and counts as one that failed.
"""

import os
import pathlib
import pty
import select
import shutil
import subprocess
import sys
import tempfile
import time

# What is typed before a Tab, and the command line that is there afterwards; ADDRESS is the broker's.
CASES = (
    ("krun check scen", "krun check scenario.json"),
    ("krun sub", "krun subfolder/"),
    ("krun consume --brokers ADDRESS --topic ord", "krun consume --brokers ADDRESS --topic orders"),
    ("krun topics describe --brokers ADDRESS bil", "krun topics describe --brokers ADDRESS billing"),
    ("krun consume -b ADDRESS -t ord", "krun consume -b ADDRESS -t orders"),
    ("krun topics describe --bootstrap-server ADDRESS bil", "krun topics describe --bootstrap-server ADDRESS billing"),
    ("krun schema consume.unt", "krun schema consume.until"),
    ("krun consume --exit", "krun consume --exit-at-end"),
    ("krun topics add", "krun topics add-partitions"),
)
PROMPT = "ready> "
PATIENCE = 20


class Terminal:
    """A shell at a terminal of its own."""

    def __init__(self, command: list[str], environment: dict, folder: pathlib.Path):
        self.process, self.descriptor = pty.fork()
        if self.process == 0:
            os.chdir(folder)
            os.execvpe(command[0], command, environment)
        self.seen = ""

    def read_until(self, text: str) -> str:
        """What came until and with `text`; the rest is for the next time."""
        end = time.monotonic() + PATIENCE
        while text not in self.seen:
            ready, _, _ = select.select([self.descriptor], [], [], max(0, end - time.monotonic()))
            if not ready:
                raise SystemExit(f"completions: {text!r} did not come, but {self.seen!r}")
            self.seen += os.read(self.descriptor, 65536).decode(errors="replace")
        before, _, self.seen = self.seen.partition(text)
        return before

    def write(self, text: str):
        os.write(self.descriptor, text.encode())

    def close(self):
        os.close(self.descriptor)
        os.waitpid(self.process, 0)


def completed_at_terminal(command: list[str], environment: dict, folder: pathlib.Path, lines: list[str]):
    """The command lines after a Tab: what a shell would have run is echoed between two marks instead."""
    terminal = Terminal(command, environment, folder)
    terminal.read_until(PROMPT)
    for line in lines:
        # To the beginning and to the end of the line; the marks are not as they are typed.
        terminal.write(f"{line}\t")
        terminal.write("\x01echo be''gin: \x05 :e''nd\r")
        terminal.read_until("begin: ")
        yield terminal.read_until(" :end").strip()
        terminal.read_until(PROMPT)
    terminal.write("exit\r")
    terminal.close()


def of_bash(stage: pathlib.Path, scratch: pathlib.Path, environment: dict, lines: list[str]):
    script = stage / "share/bash-completion/completions/krun"
    start = scratch / "bashrc"
    start.write_text(f"source '{script}'\nbind 'set enable-bracketed-paste off'\nPS1='{PROMPT}'\n", encoding="utf-8")
    command = ["bash", "--noprofile", "--rcfile", str(start), "-i"]
    return completed_at_terminal(command, environment, scratch / "work", lines)


def of_zsh(stage: pathlib.Path, scratch: pathlib.Path, environment: dict, lines: list[str]):
    start = scratch / "zsh"
    start.mkdir()
    (start / ".zshrc").write_text(
        f"fpath=('{stage}/share/zsh/site-functions' $fpath)\nautoload -U compinit\ncompinit -u\nbindkey -e\n"
        f"unset zle_bracketed_paste\nunsetopt zle_prompt_cr prompt_sp\nPS1='{PROMPT}'\n",
        encoding="utf-8",
    )
    return completed_at_terminal(["zsh", "-i"], environment | {"ZDOTDIR": str(start)}, scratch / "work", lines)


def of_fish(stage: pathlib.Path, scratch: pathlib.Path, environment: dict, lines: list[str]):
    """fish tells what it would offer; the only offer is what a Tab puts there."""
    script = stage / "share/fish/vendor_completions.d/krun.fish"
    for line in lines:
        said = subprocess.run(
            ["fish", "--no-config", "-c", f"source '{script}'; complete -C '{line}'"], capture_output=True, text=True,
            env=environment, cwd=scratch / "work", timeout=PATIENCE, check=True,
        ).stdout
        offers = [offer.split("\t")[0] for offer in said.splitlines()]
        yield line.rpartition(" ")[0] + " " + offers[0] if len(offers) == 1 else f"{line} {offers}"


def main() -> int:
    stage = pathlib.Path(sys.argv[1]).resolve()
    scratch = pathlib.Path(tempfile.mkdtemp())
    work = scratch / "work"
    (work / "subfolder").mkdir(parents=True)
    (work / "scenario.json").write_text("{}", encoding="utf-8")
    (work / "notes.txt").write_text("", encoding="utf-8")
    environment = {"PATH": f"{stage}/bin:/usr/bin:/bin", "TERM": "dumb", "HOME": str(scratch), "LC_ALL": "C.UTF-8"}
    ready = scratch / "ready"
    broker = subprocess.Popen(
        [stage / "bin/krun", "broker", "--port", "0", "--topic", "orders:3", "--topic", "billing", "--ready-file", ready],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    wrong = 0
    try:
        end = time.monotonic() + PATIENCE
        while not (ready.exists() and ready.read_text().strip()) and time.monotonic() < end:
            time.sleep(0.05)
        address = ready.read_text().split()[0]
        typed = [line.replace("ADDRESS", address) for line, _ in CASES]
        wanted = [line.replace("ADDRESS", address) for _, line in CASES]
        for shell, completed in (("bash", of_bash), ("zsh", of_zsh), ("fish", of_fish)):
            if not shutil.which(shell):
                print(f"completions: there is no {shell}", file=sys.stderr)
                wrong += 1
                continue
            for want, got in zip(wanted, completed(stage, scratch, environment, typed), strict=True):
                # zsh takes the slash away when something else is typed.
                if got.rstrip("/") != want.rstrip("/"):
                    print(f"completions: {shell}: {got!r} instead of {want!r}", file=sys.stderr)
                    wrong += 1
    finally:
        broker.terminate()
        broker.wait()
        shutil.rmtree(scratch, ignore_errors=True)
    print(f"completions: {len(CASES)} command lines in bash, zsh and fish")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

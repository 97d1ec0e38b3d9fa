"""Fails where a line of a file is wider than a terminal: check-width.py COLUMNS FILE."""

import sys
import unicodedata


def cells(text):
    return sum(
        0 if unicodedata.category(letter) in ("Mn", "Me", "Cf") else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text)


def main():
    columns, name = int(sys.argv[1]), sys.argv[2]
    with open(name, encoding="utf-8") as file:
        lines = [line.rstrip("\n") for line in file]
    wide = [f"{name}:{number}: {cells(line)} columns: {line}" for number, line in enumerate(lines, 1) if cells(line) > columns]
    if wide:
        sys.exit("\n".join(wide))
    print(f"{name}: {len(lines)} lines, none wider than {columns} columns")


if __name__ == "__main__":
    main()

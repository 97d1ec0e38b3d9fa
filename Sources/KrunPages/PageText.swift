import KrunDiagnostics

/// Text from outside, made fit for a page: nothing in it reorders what stands beside it or stays invisible, and columns stay columns.
enum PageText {
    /// As a terminal shows it, but that line breaks and tabs stay.
    static func safe(_ text: String) -> String {
        // Of ordinary text nothing is to be done.
        if text.utf8.allSatisfy({ ($0 >= 0x20 && $0 < 0x7F) || $0 == 0x0A || $0 == 0x09 }) { return text }
        return text.unicodeScalars.reduce(into: "") { safe, scalar in
            if scalar == "\n" || scalar == "\t" || TerminalText.isSafe(scalar) {
                safe.unicodeScalars.append(scalar)
            } else {
                safe += TerminalText.safe(String(scalar))
            }
        }
    }

    /// All texts of an object that a template is rendered with, however deep they lie.
    static func safe(_ object: [String: Any]) -> [String: Any] {
        object.mapValues { value in
            switch value {
            case let text as String: safe(text)
            case let texts as [String]: texts.map { safe($0) }
            case let objects as [[String: Any]]: objects.map { safe($0) }
            default: value
            }
        }
    }

    /// Text whose columns are meant, in pieces: what a font for programs has as wide as all else goes together, and each other character is
    /// one of its own, with how many columns it takes. Fonts for those come from elsewhere and have widths of their own.
    static func pieces(_ text: String) -> [[String: Any]] {
        var pieces: [[String: Any]] = []
        var plain = ""
        for character in safe(text) {
            let cells = TerminalText.cells(String(character))
            if cells == 0 || character.unicodeScalars.allSatisfy({ $0.value < 0x250 }) {
                plain.append(character)
                continue
            }
            if !plain.isEmpty { pieces.append(["text": plain]) }
            plain = ""
            pieces.append(["text": String(character), "cells": String(cells)])
        }
        if !plain.isEmpty { pieces.append(["text": plain]) }
        return pieces
    }
}

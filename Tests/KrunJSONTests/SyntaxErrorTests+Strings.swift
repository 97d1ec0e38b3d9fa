extension SyntaxErrorTests {
    static let strings: [Example] = [
        // Strings.
        Example(
            "{ \"a\": \"abc\n}",
            """
            1:8+4 $.a: a string is not closed
            ^ its closing " is missing
            = a line break inside a string is written \\n
            """),
        Example(
            "[\"abc\r\n]",
            """
            1:2+4 $[0]: a string is not closed
            ^ its closing " is missing
            = a line break inside a string is written \\n
            """),
        Example(
            "[\"abc",
            """
            1:2+4 $[0]: a string is not closed
            ^ its closing " is missing
            """),
        Example(
            "[\"abc\\",
            """
            1:2+5 $[0]: a string is not closed
            ^ its closing " is missing
            """),
        Example(
            "{ \"a",
            """
            1:3+2 $: a string is not closed
            ^ its closing " is missing
            """),
        Example(
            "[\"\\x\"]",
            """
            1:3+2 $[0]: \\x is no JSON escape
            ^ write \\\\ for a backslash
            = the escapes are \\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u with four hexadecimal digits
            """),
        Example(
            "[\"\\é\"]",
            """
            1:3+2 $[0]: \\é is no JSON escape
            ^ write \\\\ for a backslash
            = the escapes are \\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u with four hexadecimal digits
            """),
        Example(
            "[\"\\u12\"]",
            """
            1:3+4 $[0]: \\u12 is no JSON escape
            ^ \\u needs four hexadecimal digits
            """),
        Example(
            "[\"\\uD800\"]",
            """
            1:3+6 $[0]: \\uD800 is half of a surrogate pair
            ^ its other half is missing
            = write the character itself, or both halves, such as \\uD83D\\uDE00
            """),
        Example(
            "[\"\\uDC00x\"]",
            """
            1:3+6 $[0]: \\uDC00 is half of a surrogate pair
            ^ its other half is missing
            = write the character itself, or both halves, such as \\uD83D\\uDE00
            """),
        Example(
            "[\"\\uD800\\u0041\"]",
            """
            1:3+6 $[0]: \\uD800 is half of a surrogate pair
            ^ its other half is missing
            = write the character itself, or both halves, such as \\uD83D\\uDE00
            """),
        Example(
            "[\"a\tb\"]",
            """
            1:4+1 $[0]: a tab must not stand in a string as it is
            ^ write \\t
            """),
        Example(
            "[\"a\u{1}b\"]",
            """
            1:4+1 $[0]: the control character U+0001 must not stand in a string as it is
            ^ write \\u0001
            """),
        Example(
            "[\"x\\u0000y\"]",
            """
            1:4+6 $[0]: \\u0000 is not allowed in a string
            = { "base64": … } and { "hex": … } carry any byte
            """),
        Example(
            "{ \"x\\u0000\": 1 }",
            """
            1:5+6 $: \\u0000 is not allowed in a name
            """),
        // Not a text.
        Example(
            "",
            """
            1:1+1 : the file is empty
            = an object without members is written {}
            """),
        Example(
            " \n\t\r\n",
            """
            1:1+1 : the file has nothing but white space in it
            = an object without members is written {}
            """),
        Example(
            "\u{FEFF}{}",
            """
            1:1+1 : the file begins with a byte order mark
            ^ remove it
            = most editors can save a file as "UTF-8" rather than "UTF-8 with BOM"
            """),
        Example(
            "[1,\n \0]",
            """
            2:2+1 : there is a NUL byte at offset 5
            = a text has none: is the file binary, or encoded in UTF-16?
            """),
        // Duplicate names.
        Example(
            "{ \"a\": 1, \"b\": { \"c\": 1, \"\\u0063\": 2 },\n \"a\": 3, \"a\": 4 }",
            """
            1:26+8 $.b.c: the name "\\u0063" stands twice in the same object
            = it stands first in line 1, column 18
            2:2+3 $.a: the name "a" stands twice in the same object
            = it stands first in line 1, column 3
            2:10+3 $.a: the name "a" stands twice in the same object
            = it stands first in line 1, column 3
            """),
    ]
}

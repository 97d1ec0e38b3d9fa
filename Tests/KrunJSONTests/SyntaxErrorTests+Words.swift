extension SyntaxErrorTests {
    static let words: [Example] = [
        // Comments.
        Example(
            "{ // hi\n}",
            """
            1:3+5 $: JSON has no comments
            ^ remove this comment
            = a member "note": "…" can say it instead
            """),
        Example(
            "[1 /* x */]",
            """
            1:4+7 $: JSON has no comments
            ^ remove this comment
            = a member "note": "…" can say it instead
            """),
        Example(
            "[1 /* x",
            """
            1:4+4 $: JSON has no comments
            ^ remove this comment
            = a member "note": "…" can say it instead
            """),
        Example(
            "# x\n1",
            """
            1:1+3 $: JSON has no comments
            ^ remove this comment
            = a member "note": "…" can say it instead
            """),
        Example(
            "{ \"a\" // x\n: 1}",
            """
            1:7+4 $: JSON has no comments
            ^ remove this comment
            = a member "note": "…" can say it instead
            """),
        Example(
            "{ \"a\": // x\n1}",
            """
            1:8+4 $: JSON has no comments
            ^ remove this comment
            = a member "note": "…" can say it instead
            """),
        Example(
            "1 // end",
            """
            1:3+6 $: JSON has no comments
            ^ remove this comment
            = a member "note": "…" can say it instead
            """),
        // Quotes.
        Example(
            "{ 'a': 1 }",
            """
            1:3+3 $: 'a' is not in double quotes
            ^ write "a"
            """),
        Example(
            "{ \"a\": 'x y' }",
            """
            1:8+5 $.a: 'x y' is not in double quotes
            ^ write "x y"
            """),
        Example(
            "[“x”]",
            """
            1:2+3 $[0]: “x” is not in double quotes
            ^ write "x"
            """),
        Example(
            "['x]",
            """
            1:2+1 $[0]: ' begins no string
            ^ strings are written in double quotes
            """),
        Example(
            "{ name: 1 }",
            """
            1:3+4 $: the name name is not in quotes
            ^ write "name"
            """),
        Example(
            "{ my-name: 1}",
            """
            1:3+7 $: the name my-name is not in quotes
            ^ write "my-name"
            """),
        Example(
            "{ 1: 2 }",
            """
            1:3+1 $: the name 1 is not in quotes
            ^ write "1"
            """),
        // Words and numbers.
        Example(
            "{ \"a\": hello }",
            """
            1:8+5 $.a: hello is no JSON value
            ^ write "hello" if it is a string
            = without quotes there are only numbers, true, false and null
            """),
        Example(
            "[True]",
            """
            1:2+4 $[0]: True is no JSON value
            ^ did you mean true?
            """),
        Example(
            "[None]",
            """
            1:2+4 $[0]: None is no JSON value
            ^ did you mean null?
            """),
        Example(
            "[NaN, 1]",
            """
            1:2+3 $[0]: NaN is no JSON number
            = JSON can write neither NaN nor infinity
            = as data of a message, put it in a string: "NaN"
            """),
        Example(
            "{ \"a\": -Infinity }",
            """
            1:8+9 $.a: -Infinity is no JSON number
            = JSON can write neither NaN nor infinity
            = as data of a message, put it in a string: "-Infinity"
            """),
        Example(
            "[01]",
            """
            1:2+2 $[0]: 01 is no JSON number
            ^ write 1
            """),
        Example(
            "[-01.5]",
            """
            1:2+5 $[0]: -01.5 is no JSON number
            ^ write -1.5
            """),
        Example(
            "[+1]",
            """
            1:2+2 $[0]: +1 is no JSON number
            ^ write 1
            """),
        Example(
            "[.5]",
            """
            1:2+2 $[0]: .5 is no JSON number
            ^ write 0.5
            """),
        Example(
            "[1.]",
            """
            1:2+2 $[0]: 1. is no JSON number
            ^ write 1
            """),
        Example(
            "[-]",
            """
            1:2+1 $[0]: - is no JSON value
            ^ write "-" if it is a string
            = without quotes there are only numbers, true, false and null
            """),
        Example(
            "[0x1F]",
            """
            1:2+4 $[0]: 0x1F is no JSON number
            ^ write 31
            """),
        Example(
            "[1e]",
            """
            1:2+2 $[0]: 1e is no JSON number
            ^ put it in double quotes if it is a string
            """),
        Example(
            "[1_000]",
            """
            1:2+5 $[0]: 1_000 is no JSON number
            ^ write it without _
            """),
        Example(
            "[1.2.3]",
            """
            1:2+5 $[0]: 1.2.3 is no JSON number
            ^ put it in double quotes if it is a string
            """),
        Example(
            "[--1]",
            """
            1:2+3 $[0]: --1 is no JSON number
            ^ write -1
            """),
        Example(
            "[-.5]",
            """
            1:2+3 $[0]: -.5 is no JSON number
            ^ write -0.5
            """),
        Example(
            "{ \"a\":\u{A0}1 }",
            """
            1:7+1 $.a: U+00A0 is not expected here
            ^ a value is expected
            = it looks like white space, but between values JSON allows spaces, tabs and line breaks only
            """),
        Example(
            "[1\u{A0}]",
            """
            1:3+1 $: U+00A0 is not expected here
            ^ a comma or ] is expected
            = it looks like white space, but between values JSON allows spaces, tabs and line breaks only
            """),
    ]
}

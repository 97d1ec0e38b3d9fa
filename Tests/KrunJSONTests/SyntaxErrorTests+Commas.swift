extension SyntaxErrorTests {
    static let commas: [Example] = [
        // Commas and colons.
        Example(
            "{ \"a\": 1, }",
            """
            1:9+1 $: there is a comma after the last member of the object
            ^ remove this comma
            """),
        Example(
            "{ \"b\": [1, 2,\n] }",
            """
            1:13+1 $.b: there is a comma after the last element of the array
            ^ remove this comma
            """),
        Example(
            "{ \"a\": 1\n  \"b\": 2 }",
            """
            1:9+1 $: a comma is missing between two members of the object
            ^ put a comma here
            """),
        Example(
            "[1 2]",
            """
            1:3+1 $: a comma is missing between two elements of the array
            ^ put a comma here
            """),
        Example(
            "{ \"a\": 1 b: 2 }",
            """
            1:9+1 $: a comma is missing between two members of the object
            ^ put a comma here
            """),
        Example(
            "{ \"a\": \"say \"hi\" now\" }",
            """
            1:14+1 $: a comma is missing between two members of the object
            ^ put a comma here
            = a quotation mark inside a string is written \\"
            """),
        Example(
            "[1,,2]",
            """
            1:4+1 $: there is no element before this comma
            ^ remove this comma
            """),
        Example(
            "[,1]",
            """
            1:2+1 $: there is no element before this comma
            ^ remove this comma
            """),
        Example(
            "{ ,\"a\": 1}",
            """
            1:3+1 $: there is no member before this comma
            ^ remove this comma
            """),
        Example(
            "{\"a\": 1,,}",
            """
            1:9+1 $: there is no member before this comma
            ^ remove this comma
            """),
        Example(
            "{ \"a\": }",
            """
            1:8+1 $.a: the member "a" has no value
            ^ a value is expected here
            """),
        Example(
            "{ \"a\": , }",
            """
            1:8+1 $.a: the member "a" has no value
            ^ a value is expected here
            """),
        Example(
            "{ \"a\": ]",
            """
            1:8+1 $.a: the member "a" has no value
            ^ a value is expected here
            """),
        Example(
            "{ \"a\" 1 }",
            """
            1:6+1 $.a: a colon is missing after the name "a"
            ^ put a colon here
            """),
        Example(
            "{ \"a\" = 1 }",
            """
            1:6+1 $.a: a colon is missing after the name "a"
            ^ put a colon here
            """),
        Example(
            "{ \"a\": 1: 2 }",
            """
            1:9+1 $: : is not expected here
            ^ a comma or } is expected
            """),
        Example(
            "[:]",
            """
            1:2+1 $[0]: : is not expected here
            ^ a value is expected
            """),
        Example(
            "{:1}",
            """
            1:2+1 $: : is not expected here
            ^ a name in double quotes is expected
            """),
        Example(
            "{ {} }",
            """
            1:3+1 $: { is not expected here
            ^ a name in double quotes is expected
            """),
        Example(
            "[1;]",
            """
            1:3+1 $: ; is not expected here
            ^ a comma or ] is expected
            """),
    ]
}

import KrunPatterns
import Testing

@testable import KrunJSONPath

/// What is said about a path that is none, and where.
@Suite(.timeLimit(.minutes(1))) struct FaultTests {
    /// The marked part of the path, where it begins, the label and the notes.
    private static func fault(_ path: String) -> String {
        do throws(JSONPathFault) {
            _ = try JSONPath(path)
            return "none"
        } catch {
            var marked = String.UnicodeScalarView()
            marked.append(contentsOf: path.unicodeScalars.dropFirst(error.offset).prefix(error.length))
            return
                (["\(error.offset)+\(error.length) \(String(marked)) <- \(error.label)"] + error.notes.map { "= \($0)" })
                .joined(separator: "\n")
        }
    }

    @Test(arguments: [
        ("", "0+1  <- a path begins with $, which is the whole value"),
        ("order.id", "0+1 o <- a path begins with $, which is the whole value\n= write $. before a name"),
        (".id", "0+1 . <- a path begins with $, which is the whole value"),
        ("[0]", "0+1 [ <- a path begins with $, which is the whole value\n= write $ before the bracket"),
        (
            "@.id",
            "0+1 @ <- a path begins with $, which is the whole value\n= @ stands in a filter, for what is asked about"
        ),
        ("$id", "1+1 i <- expected . or [ or the end of the path\n= write a . before a name"),
        (
            "$.a ",
            "3+1   <- expected . or [ or the end of the path\n= white space stands between segments only, not at the end"
        ),
        (
            "$.order-id",
            "7+1 - <- expected . or [ or the end of the path\n= a name with - in it stands in brackets: ['a-b']"
        ),
        ("$.a]", "3+1 ] <- expected . or [ or the end of the path"),
    ])
    func theWhole(_ path: String, _ expected: String) { #expect(Self.fault(path) == expected) }

    @Test(arguments: [
        ("$.", "2+1  <- expected a name or * after the ."),
        ("$..", "3+1  <- expected a name, * or [ after .."),
        ("$...a", "3+1 . <- expected a name, * or [ after .."),
        ("$. a", "2+1   <- expected a name or * after the .\n= there is no white space after a ."),
        (
            "$.0",
            "2+1 0 <- expected a name or * after the .\n= an index stands in brackets: [0]\n= so does a name that begins with a digit: ['1st']"
        ),
        ("$.'a'", "2+1 ' <- expected a name or * after the .\n= a name in quotes stands in brackets: ['a b']"),
        ("$.-a", "2+1 - <- expected a name or * after the .\n= a name with - in it stands in brackets: ['a-b']"),
        ("$.[0]", "1+1 . <- there is no . before a bracket"),
        ("$[", "1+1 [ <- expected a ] that closes this"),
        ("$.é[0", "3+1 [ <- expected a ] that closes this"),
        ("$[]", "2+1 ] <- expected a name in quotes, an index, a slice, * or a filter"),
        (
            "$[a]",
            "2+1 a <- expected a name in quotes, an index, a slice, * or a filter\n= write quotes around a name: ['name']"
        ),
        (
            "$[(@.length-1)]",
            "2+1 ( <- expected a name in quotes, an index, a slice, * or a filter\n= a filter begins with ?, as in [?@.count > 1]"
        ),
        ("$[0 1]", "4+1 1 <- expected , or ]"),
        ("$[0,]", "4+1 ] <- expected a name in quotes, an index, a slice, * or a filter"),
        ("$[007]", "2+3 007 <- a number has no 0 before it"),
        ("$[-0]", "2+2 -0 <- 0 has no sign here"),
        ("$[-01]", "2+3 -01 <- a number has no 0 before it"),
        ("$[-]", "3+1 ] <- expected digits after the -"),
        ("$[1.0]", "3+1 . <- expected , or ]"),
        (
            "$[9007199254740992]",
            "2+16 9007199254740992 <- expected a number from -9007199254740991 to 9007199254740991"
        ),
        (
            "$[0:99999999999999999999]",
            "4+20 99999999999999999999 <- expected a number from -9007199254740991 to 9007199254740991"
        ),
    ])
    func segments(_ path: String, _ expected: String) { #expect(Self.fault(path) == expected) }

    @Test(arguments: [
        ("$['a]", "2+1 ' <- expected a ' that closes this"),
        (#"$['a\"b']"#, #"4+2 \" <- there is no such escape\#n= within ' it needs no backslash"#),
        (#"$["a\x"]"#, #"4+2 \x <- there is no such escape\#n= there are \b \f \n \r \t \/ \\ \" and \uHHHH"#),
        (#"$["\u12"]"#, #"3+4 \u12 <- expected four hexadecimal digits after \u"#),
        (#"$["\uD83D"]"#, #"3+6 \uD83D <- half of a character that has two escapes"#),
        (#"$["é\uDE00"]"#, #"4+6 \uDE00 <- half of a character that has two escapes"#),
        (
            "$['a\tb']",
            "4+1 \t <- a control character stands in a string as an escape only\n= there are \\b \\f \\n \\r \\t and \\uHHHH"
        ),
    ])
    func strings(_ path: String, _ expected: String) { #expect(Self.fault(path) == expected) }

    @Test(arguments: [
        ("$[?]", "3+1 ] <- expected a path that begins with @ or $, a value or a function"),
        ("$[?@.a = 1]", "7+1 = <- expected , or ]\n= write == for the same value"),
        ("$[?1]", "3+1 1 <- a value alone is no condition\n= compare it: == 1"),
        ("$[?1 = @.a]", "3+1 1 <- a value alone is no condition\n= write == for the same value"),
        ("$[?@.a & @.b]", "7+1 & <- expected , or ]\n= write &&"),
        ("$[?@.a and @.b]", "7+1 a <- expected , or ]\n= write &&"),
        ("$[?(@.a or @.b)]", "8+1 o <- expected &&, || or )\n= write ||"),
        ("$[?(@.a]", "7+1 ] <- expected &&, || or )"),
        ("$[?(@.a", "3+1 ( <- expected a ) that closes this"),
        (
            "$[?!@.a == 1]",
            "3+4 !@.a <- a ! stands before parentheses, a path or a function, not before a comparison\n= write !(… == …)"
        ),
        ("$[?(@.a) == 1]", "9+1 = <- what is in parentheses cannot be compared\n= == stands between values"),
        (
            "$[?@.a == True]",
            "10+4 True <- expected a path that begins with @ or $, a value or a function\n= write true"
        ),
        (
            "$[?@.a == red]",
            "10+3 red <- expected a path that begins with @ or $, a value or a function\n= @.red is a member of what is asked about\n= 'red' is a text"
        ),
        (
            "$[?@.a == [1]]",
            "10+1 [ <- expected a path that begins with @ or $, a value or a function\n= arrays and objects are compared through a path only"
        ),
        ("$[?@.a == 01]", "10+2 01 <- expected a number as in JSON, such as 10, -0.5 or 1e3"),
        ("$[?@.a == 1.]", "10+2 1. <- expected a number as in JSON, such as 10, -0.5 or 1e3"),
        ("$[?@.a-b == 1]", "6+1 - <- expected the end of the path\n= a name with - in it stands in brackets: ['a-b']"),
        ("$[?@.a == 1 == 2]", "12+1 = <- expected , or ]"),
        (
            "$[?@..a == 1]",
            "3+4 @..a <- expected a path to one value, with names and indices only\n= value(…) is the value of a path that selects one\n= count(…) is how many it selects"
        ),
        (
            "$[?1 < @[*]]",
            "7+4 @[*] <- expected a path to one value, with names and indices only\n= value(…) is the value of a path that selects one\n= count(…) is how many it selects"
        ),
    ])
    func conditions(_ path: String, _ expected: String) { #expect(Self.fault(path) == expected) }

    @Test(arguments: [
        (
            "$[?size(@.a) == 1]",
            "3+4 size <- there is no function of this name\n= there are length, count, match, search and value"
        ),
        (
            "$[?length (@.a) == 1]",
            "3+6 length <- expected a path that begins with @ or $, a value or a function\n= a ( follows a function at once: length(…)"
        ),
        (
            "$[?length(@.a)]",
            "3+11 length(@.a) <- the result of length() is a value, and no condition\n= compare it: == 1"
        ),
        ("$[?length() == 1]", "3+8 length() <- length() takes one argument, not 0"),
        ("$[?match(@.a)]", "3+10 match(@.a) <- match() takes two arguments, not 1"),
        (
            "$[?length(@.*) == 1]",
            "10+3 @.* <- expected a path to one value, with names and indices only\n= value(…) is the value of a path that selects one\n= count(…) is how many it selects"
        ),
        ("$[?count('a') == 1]", "9+3 'a' <- count() takes a path that begins with @ or $"),
        ("$[?count(@.a == 1) == 1]", "13+1 = <- a condition is no argument of a function"),
        ("$[?length(!@.a) == 1]", "10+1 ! <- a condition is no argument of a function"),
        ("$[?match(@.a, 'b') == true]", "3+15 match(@.a, 'b') <- match() says yes or no, and is no value"),
        ("$[?count(@.a", "8+1 ( <- expected a ) that closes this"),
        ("$[?count(@.a @.b) == 1]", "13+1 @ <- expected , or )"),
    ])
    func functions(_ path: String, _ expected: String) { #expect(Self.fault(path) == expected) }

    @Test func tooLarge() {
        let long = "$." + String(repeating: "a", count: 8_191)
        #expect(Self.fault(String(long.dropLast())) == "none")
        #expect(Self.fault(long) == "8192+1 a <- the path is too long: it has more than 8192 characters")
        #expect(Self.fault("$" + String(repeating: "[0]", count: 100)) == "none")
        #expect(
            Self.fault("$" + String(repeating: "[0]", count: 101))
                == "301+1 [ <- the path is too long: it has more than 100 segments")
        func nested(_ count: Int) -> String {
            "$[?" + String(repeating: "(", count: count) + "@" + String(repeating: ")", count: count) + "]"
        }
        #expect(Self.fault(nested(31)) == "none")
        #expect(Self.fault(nested(32)) == "34+1 ( <- this is nested too deeply: more than 32 levels")
        #expect(
            Self.fault("$" + String(repeating: "[?@", count: 33) + String(repeating: "]", count: 33))
                == "98+1 ? <- this is nested too deeply: more than 32 levels")
        #expect(
            Self.fault("$[?match(@, 'a{5000}') || match(@, 'b{5000}')]")
                == "35+9 'b{5000}' <- the regular expressions of this path are too large, together\n= {n} stands for n copies: repeat less, or write * or +"
        )
    }

    @Test func nothingMakesTheParserFall() {
        let hostile = [
            String(repeating: "$[?(", count: 2_000), String(repeating: "$[?@", count: 2_000),
            "$[?" + String(repeating: "!", count: 8_000), "$[?" + String(repeating: "length(", count: 1_000),
            "$" + String(repeating: "..*", count: 2_000), String(repeating: "[", count: 100_000),
            "$[?" + String(repeating: "@&&", count: 2_000) + "@]", "$[" + String(repeating: "0,", count: 4_000) + "0]",
            String(repeating: "\u{10FFFF}", count: 100_000),
            "$[?match(@,'" + String(repeating: "(", count: 8_000) + "')]",
            "$[?match(@,'" + String(repeating: "((((a{99}){99}){99}){99})", count: 300) + "')]",
        ]
        for path in hostile {
            _ = Self.fault(path)
            // Every beginning of a path, too.
            for length in stride(from: 0, to: min(path.utf8.count, 200), by: 1) {
                _ = Self.fault(String(path.prefix(length)))
            }
        }
    }
}

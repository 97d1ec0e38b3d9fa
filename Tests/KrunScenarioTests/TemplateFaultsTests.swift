import Testing

/// What is wrong inside of a template, to the column.
@Suite("Template Faults") struct TemplateFaultsTests {
    @Test("a fault is told with its place and the way out", arguments: faults)
    func fault(_ fault: Fault) {
        #expect(problems(fault.text) == fault.expected)
    }

    static let faults: [Fault] = [
        Fault(
            "unknown variables",
            steps: #"""
                { "produce": "orders", "count": 3, "key": "in {{citty}}", "value": "{{indx}}", "headers": { "h": "{{country}}" } }
                """#,
            #"""
            6:49-53 unknown variable "citty"
              ^ did you mean "city"?
            6:71-74 unknown variable "indx"
              ^ did you mean "index"?
            6:101-107 unknown variable "country"
              ^ not one of the file's variables
              = the file's variables: box, city, n, none, on, ratio
            """#),
        Fault(
            "not closed",
            steps: #"""
                { "produce": "orders", "count": 3, "key": "a {{index", "value": "{\"a\": {{ }" }
                """#,
            #"""
            6:46-47 a template is not closed
              ^ expected }} after this
              = write {{{{ where the text itself is to hold {{
            6:74-75 a template is not closed
              ^ expected }} after this
              = write {{{{ where the text itself is to hold {{
            """#),
        Fault(
            "not an expression",
            steps: #"""
                { "produce": "orders", "count": 3, "key": "{{}}", "value": "{{index +}}" },
                { "produce": "orders", "count": 3, "key": "{{1 2}}", "value": "{{(index}}" },
                { "produce": "orders", "count": 3, "key": "{{index)}}", "value": "{{*2}}" },
                { "produce": "orders", "count": 3, "key": "{{index $ 2}}", "value": "{{99999999999999999999}}" }
                """#,
            #"""
            6:44-47 a template is empty
              ^ expected a name or an expression
              = write {{{{ where the text itself is to hold {{
            6:69 an expression stops too early
              ^ expected a number, a name or ( after this
            7:48 a template holds more than one expression
              ^ expected an operator or }}
            7:66 a parenthesis is not closed
              ^ expected a ) after it
            8:51 a template holds more than one expression
              ^ expected an operator or }}
            8:69 unexpected "*" in a template
              ^ expected a number, a name or (
            9:52 unexpected "$" in a template
              ^ expected a name, a number or one of + - * / % ( )
              = write {{{{ where the text itself is to hold {{
            9:72-91 a number in a template is too large
              ^ expected at most 9223372036854775807
            """#),
        Fault(
            "no whole number",
            steps: #"""
                { "produce": "orders", "count": 3, "key": "{{city + 1}}", "value": "{{ratio * 2}}" }
                """#,
            #"""
            6:46-49 variable "city" is not a whole number
              ^ it is a string "Paris"
              = only whole numbers can be calculated with
            6:71-75 variable "ratio" is not a whole number
              ^ it is the number 3.10
              = only whole numbers can be calculated with
            """#),
        Fault(
            "no value",
            steps: #"""
                { "produce": "orders", "count": 9, "key": "{{1 / 0}}", "value": "{{10 % (index - 5)}}" },
                { "produce": "orders", "count": 9, "key": "{{9223372036854775807 + 1}}", "value": "{{9223372036854775800 + index}}" },
                { "produce": "orders", "count": 2000000, "value": "{{1 / (index * 2 - 3000001)}}" }
                """#,
            #"""
            6:46-50 the expression has no value
              ^ it divides by zero, or its result is beyond 64 bits
            6:68-83 the expression has no value at index 5
              ^ it divides by zero, or its result is beyond 64 bits
            7:46-68 the expression has no value
              ^ it divides by zero, or its result is beyond 64 bits
            7:86-112 the expression has no value at index 8
              ^ it divides by zero, or its result is beyond 64 bits
            8:54-78 the expression may have no value for some messages
              ^ it may divide by zero, or leave 64 bits
              = 2000000 messages are too many to try each
            """#),
        Fault(
            "functions",
            steps: #"""
                { "produce": "orders", "count": 3, "key": "{{uuid 4}}", "value": "{{now 5}} {{random 1}} {{random 9 1}} {{env.HOME}} {{env}}" },
                { "produce": "orders", "count": 3, "key": "{{now + soon}}", "value": "{{random x 5}} {{now + 5}} {{uuid + 1}} {{2 * uuid}} {{random}}" },
                { "produce": "orders", "count": 1, "partition": "{{random 0 9}}", "timestamp": "{{uuid}}" },
                { "consume": "orders", "expect": { "messages": "{{uuid}}", "duration": { "max": "{{now}}" } } }
                """#,
            #"""
            6:51 {{uuid}} has a word too much
              ^ expected }}
            6:73 {{now}} has a word too much
              ^ expected + or - and a duration, such as now + 5m
            6:86 {{random}} has no number to which to draw
              ^ expected random 1 100
            6:99 no number is from 9 to 1
              ^ the first is the least
            6:107-114 the environment's "HOME" may not be seen
              ^ nobody allowed it
              = --allow-env HOME lets this file see it
            6:120-122 {{env}} names no variable of the environment
              ^ expected env.NAME
            7:52-55 {{now + …}} has no duration
              ^ expected a number and a unit (ms, s, m, h), such as 5m
            7:80 unknown variable "x"
              ^ not one of the file's variables
              = the file's variables: box, city, n, none, on, ratio
            7:94 {{now + …}} has no duration
              ^ expected a number and a unit (ms, s, m, h), such as 5m
            7:105 {{uuid}} has a word too much
              ^ expected }}
            7:117-120 {{uuid}} cannot be calculated with
              ^ it stands alone
            7:126-131 {{random}} has no number from which to draw
              ^ expected random 1 100
            8:49-64 partition 9 of "orders" does not exist
              ^ the topic has partitions 0 to 2
            8:80-89 wrong type for "timestamp"
              ^ expected milliseconds since 1970 or an RFC 3339 time, found a text
            """#),
        Fault(
            "an index where no messages are made",
            steps: #"""
                { "consume": "orders", "group": "g{{index}}" },
                { "consume": "orders", "expect": { "messages": "{{index + 1}}" } }
                """#,
            #"""
            6:37-41 {{index}} means nothing here
              ^ no messages are made from this
              = it is the number of a message, from 0, in what produce sends
            7:51-55 {{index}} means nothing here
              ^ no messages are made from this
              = it is the number of a message, from 0, in what produce sends
            """#),
        Fault(
            "within JSON",
            steps: #"""
                { "produce": "orders", "count": 3, "value": { "a": ["é\n{{nn}}", { "{{colour}}": "{{" }] } }
                """#,
            #"""
            6:59-60 unknown variable "nn"
              ^ did you mean "n"?
            6:68-79 unknown variable "colour"
              ^ not one of the file's variables
              = the file's variables: box, city, n, none, on, ratio
            6:83-84 a template is not closed
              ^ expected }} after this
              = write {{{{ where the text itself is to hold {{
            """#),
        Fault(
            "a variable of another type",
            steps: #"""
                { "produce": "orders", "count": "{{city}}", "value": "x" },
                { "produce": "orders", "count": "3", "value": "x" },
                { "consume": "orders", "group": "g", "members": "{{on}}" }
                """#,
            #"""
            6:33-42 wrong type for "count"
              ^ expected a whole number, found a string "Paris"
              = {{city}} is a string "Paris"
            7:33-35 wrong type for "count"
              ^ expected a whole number, found a string "3"
            8:49-56 wrong type for "members"
              ^ expected a whole number, found true
              = {{on}} is true
            """#),
    ]
}

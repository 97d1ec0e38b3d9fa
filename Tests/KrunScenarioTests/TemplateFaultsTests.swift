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
            "functions of the language to come",
            steps: #"""
                { "produce": "orders", "count": 3, "key": "{{uuid}}", "value": "{{now}} {{random 1 100}} {{env.HOME}}" }
                """#,
            #"""
            6:46-49 {{uuid}} is not in this version's language
              ^ not here yet
              = templates are {{index}}, {{round}}, integer arithmetic and {{name}} of a variable
            6:67-69 {{now}} is not in this version's language
              ^ not here yet
              = templates are {{index}}, {{round}}, integer arithmetic and {{name}} of a variable
            6:75-80 {{random}} is not in this version's language
              ^ not here yet
              = templates are {{index}}, {{round}}, integer arithmetic and {{name}} of a variable
            6:92-99 {{env.HOME}} is not in this version's language
              ^ not here yet
              = templates are {{index}}, {{round}}, integer arithmetic and {{name}} of a variable
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

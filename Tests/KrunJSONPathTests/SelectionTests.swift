import KrunJSON
import Testing

@testable import KrunJSONPath

/// What paths select: every part of the grammar, with its edges.
@Suite(.timeLimit(.minutes(1))) struct SelectionTests {
    private static let yard = #"""
        {"yard":"north","open":true,"gate":null,"docks":[
        {"id":1,"lorry":"blue","load":[3,5,8]},{"id":2,"lorry":"red","load":[]},
        {"id":3,"load":[13],"note":"late, wet"},{"id":"4","lorry":null}],
        "temperature":{"low":-4.5,"high":21,"unit":"°C"},
        "a-b":1,"1st":"x","":"no name","it's":2,"say \"hi\"":3,"tab\there":4,"☃":5,"😀":6,"back\\slash":7}
        """#

    private static let selectors = Selection.table(
        yard,
        #"""
        $ -> $
        $.yard -> $['yard']
        $['yard'] -> $['yard']
        $["yard"] -> $['yard']
        $.gate -> $['gate']
        $.missing -> -
        $.yard.missing -> -
        $.Yard -> -
        $.docks[0].id -> $['docks'][0]['id']
        $.docks[3] -> $['docks'][3]
        $.docks[4] -> -
        $.docks[-1] -> $['docks'][3]
        $.docks[-4].lorry -> $['docks'][0]['lorry']
        $.docks[-5] -> -
        $.yard[0] -> -
        $.temperature[0] -> -
        $.docks.id -> -
        $['a-b'] -> $['a-b']
        $['1st'] -> $['1st']
        $[''] -> $['']
        $['it\'s'] -> $['it\'s']
        $["it's"] -> $['it\'s']
        $['say "hi"'] -> $['say "hi"']
        $["say \"hi\""] -> $['say "hi"']
        $['tab\there'] -> $['tab\there']
        $["\u0074ab\u0009here"] -> $['tab\there']
        $.☃ -> $['☃']
        $['\u2603'] -> $['☃']
        $["\uD83D\uDE00"] -> $['😀']
        $['back\\slash'] -> $['back\\slash']
        $['\/'] -> -
        $.* -> $['yard']  $['open']  $['gate']  $['docks']  $['temperature']  $['a-b']  $['1st']  $['']  $['it\'s']  $['say "hi"']  $['tab\there']  $['☃']  $['😀']  $['back\\slash']
        $.temperature[*] -> $['temperature']['low']  $['temperature']['high']  $['temperature']['unit']
        $.docks.* -> $['docks'][0]  $['docks'][1]  $['docks'][2]  $['docks'][3]
        $.yard.* -> -
        $.docks[1].load[*] -> -
        $['open','yard'] -> $['open']  $['yard']
        $['yard','yard'] -> $['yard']  $['yard']
        $['missing','yard'] -> $['yard']
        $.docks[0,-1] -> $['docks'][0]  $['docks'][3]
        $.docks[3,0:2,3] -> $['docks'][3]  $['docks'][0]  $['docks'][1]  $['docks'][3]
        $.docks[0,'id',*] -> $['docks'][0]  $['docks'][0]  $['docks'][1]  $['docks'][2]  $['docks'][3]
        $ [ 'yard' ] -> $['yard']
        $.docks [ 0 , 1 ] .id -> $['docks'][0]['id']  $['docks'][1]['id']
        """#)

    private static let letters = #"{"l":["a","b","c","d","e","f"],"n":[],"deep":[[1,[2]],{"l":[3]}]}"#

    private static let slices = Selection.table(
        letters,
        #"""
        $.l[1:3] -> $['l'][1]  $['l'][2]
        $.l[4:] -> $['l'][4]  $['l'][5]
        $.l[:2] -> $['l'][0]  $['l'][1]
        $.l[::2] -> $['l'][0]  $['l'][2]  $['l'][4]
        $.l[1:6:3] -> $['l'][1]  $['l'][4]
        $.l[-2:] -> $['l'][4]  $['l'][5]
        $.l[:-4] -> $['l'][0]  $['l'][1]
        $.l[-3:-1] -> $['l'][3]  $['l'][4]
        $.l[::-1] -> $['l'][5]  $['l'][4]  $['l'][3]  $['l'][2]  $['l'][1]  $['l'][0]
        $.l[4:1:-2] -> $['l'][4]  $['l'][2]
        $.l[-1:-4:-1] -> $['l'][5]  $['l'][4]  $['l'][3]
        $.l[1::-1] -> $['l'][1]  $['l'][0]
        $.l[:3:-1] -> $['l'][5]  $['l'][4]
        $.l[3:3] -> -
        $.l[3:1] -> -
        $.l[1:3:-1] -> -
        $.l[0:6:0] -> -
        $.l[5:100] -> $['l'][5]
        $.l[100:] -> -
        $.l[-100:1] -> $['l'][0]
        $.l[100:4:-1] -> $['l'][5]
        $.l[0:9007199254740991:9007199254740991] -> $['l'][0]
        $.l[-9007199254740991:2] -> $['l'][0]  $['l'][1]
        $.l[ 4 : 6 : 1 ] -> $['l'][4]  $['l'][5]
        $.l[:] -> $['l'][0]  $['l'][1]  $['l'][2]  $['l'][3]  $['l'][4]  $['l'][5]
        $.n[::-1] -> -
        $[0:1] -> -
        $.deep[::-1][0] -> $['deep'][0][0]
        """#)

    private static let descendants = Selection.table(
        letters,
        #"""
        $..l -> $['l']  $['deep'][1]['l']
        $..[0] -> $['l'][0]  $['deep'][0]  $['deep'][0][0]  $['deep'][0][1][0]  $['deep'][1]['l'][0]
        $.deep..* -> $['deep'][0]  $['deep'][1]  $['deep'][0][0]  $['deep'][0][1]  $['deep'][0][1][0]  $['deep'][1]['l']  $['deep'][1]['l'][0]
        $..['l','n'] -> $['l']  $['n']  $['deep'][1]['l']
        $.deep..[-1:] -> $['deep'][1]  $['deep'][0][1]  $['deep'][0][1][0]  $['deep'][1]['l'][0]
        $..deep..l[0] -> $['deep'][1]['l'][0]
        $..[?@ == 2] -> $['deep'][0][1][0]
        $..missing -> -
        $.deep..[0]..[0] -> $['deep'][0][0]  $['deep'][0][1][0]
        """#)

    private static let conditions = Selection.table(
        yard,
        #"""
        $.docks[?@.lorry] -> $['docks'][0]  $['docks'][1]  $['docks'][3]
        $.docks[?!@.lorry] -> $['docks'][2]
        $.docks[?! @.lorry] -> $['docks'][2]
        $.docks[?@.lorry == null] -> $['docks'][3]
        $.docks[?@.lorry != null] -> $['docks'][0]  $['docks'][1]  $['docks'][2]
        $.docks[?@.id == 2] -> $['docks'][1]
        $.docks[?@.id == '4'] -> $['docks'][3]
        $.docks[?@.id >= 2] -> $['docks'][1]  $['docks'][2]
        $.docks[?@.id < 2] -> $['docks'][0]
        $.docks[?@.id <= "4"] -> $['docks'][3]
        $.docks[?@.id > 1.5] -> $['docks'][1]  $['docks'][2]
        $.docks[?2 < @.id] -> $['docks'][2]
        $.docks[?@.lorry > 'blue'] -> $['docks'][1]
        $.docks[?@.lorry == @.note] -> -
        $.docks[?@.note == $.missing] -> $['docks'][0]  $['docks'][1]  $['docks'][3]
        $.docks[?@.missing != @.id] -> $['docks'][0]  $['docks'][1]  $['docks'][2]  $['docks'][3]
        $.docks[?@.load == @.load] -> $['docks'][0]  $['docks'][1]  $['docks'][2]  $['docks'][3]
        $.docks[?@.load == $.docks[1].load] -> $['docks'][1]
        $.docks[?@ == $.docks[2]] -> $['docks'][2]
        $.docks[?@.load[0] == 13] -> $['docks'][2]
        $.docks[?@.load[-1] > 7] -> $['docks'][0]  $['docks'][2]
        $.docks[?@['load'][1]] -> $['docks'][0]
        $.docks[?@.load[?@ > 10]] -> $['docks'][2]
        $.docks[?@.load[?@ == $.docks[0].load[1]]] -> $['docks'][0]
        $.docks[?@..*] -> $['docks'][0]  $['docks'][1]  $['docks'][2]  $['docks'][3]
        $.docks[?@.load && @.lorry] -> $['docks'][0]  $['docks'][1]
        $.docks[?@.id == 1 || @.id == 3] -> $['docks'][0]  $['docks'][2]
        $.docks[?@.id == 1 || @.id == 2 && @.missing] -> $['docks'][0]
        $.docks[?(@.id == 1 || @.id == 2) && @.missing] -> -
        $.docks[?!(@.id == 1)] -> $['docks'][1]  $['docks'][2]  $['docks'][3]
        $.docks[?!(!(@.id == 1))] -> $['docks'][0]
        $.docks[?@.id==1,?@.id==2] -> $['docks'][0]  $['docks'][1]
        $.docks[? @.id == 1 , 0] -> $['docks'][0]  $['docks'][0]
        $.temperature[?@ == -4.5] -> $['temperature']['low']
        $.temperature[?@ == -45e-1] -> $['temperature']['low']
        $.temperature[?@ == 2.1E+1] -> $['temperature']['high']
        $.temperature[?@ == '°C'] -> $['temperature']['unit']
        $[?@ == true] -> $['open']
        $[?@ == false] -> -
        $[?@ == null] -> $['gate']
        $[?@ == "\u2603"] -> -
        $[?@ < 2] -> $['a-b']
        $[?true == true] -> $['yard']  $['open']  $['gate']  $['docks']  $['temperature']  $['a-b']  $['1st']  $['']  $['it\'s']  $['say "hi"']  $['tab\there']  $['☃']  $['😀']  $['back\\slash']
        $[?true < false] -> -
        $[?null <= null && @ == 1] -> $['a-b']
        $[?true >= true && @ == 1] -> $['a-b']
        $[?'é' > 'z' && @ == 1] -> $['a-b']
        $[?'\uD83D\uDE00' > '\uFFFF' && @ == 1] -> $['a-b']
        $[?1e400 < 1e401 && @ == 1] -> $['a-b']
        $[?9007199254740993 == 9007199254740992] -> -
        $[?0.1 == 0.10 && -0 == 0 && 1 == 1.0 && @ == 1] -> $['a-b']
        $.yard[?@ == 'n'] -> -
        """#)

    private static let functions = Selection.table(
        yard,
        #"""
        $.docks[?length(@.load) == 3] -> $['docks'][0]
        $.docks[?length(@) == 3] -> $['docks'][0]  $['docks'][1]  $['docks'][2]
        $.docks[?length(@.lorry) > 3] -> $['docks'][0]
        $.docks[?length(@.id) == 1] -> $['docks'][3]
        $.docks[?length(@.missing) == length(@.other)] -> $['docks'][0]  $['docks'][1]  $['docks'][2]  $['docks'][3]
        $[?length(@) == 2] -> -
        $.temperature[?length(@) == 2] -> $['temperature']['unit']
        $.docks[?length('four') == 4 && @.note] -> $['docks'][2]
        $.docks[?length('\uD83D\uDE00') == 1 && @.note] -> $['docks'][2]
        $.docks[?length(1) == 1] -> -
        $.docks[?count(@.*) == 2] -> $['docks'][3]
        $.docks[?count(@.load[*]) >= 1] -> $['docks'][0]  $['docks'][2]
        $.docks[?count(@..*) == 6] -> $['docks'][0]
        $.docks[?count($.docks[?@.load]) == 3 && @.id == 1] -> $['docks'][0]
        $.docks[?count(@.missing) == 0 && @.note] -> $['docks'][2]
        $.docks[?value(@..note) == 'late, wet'] -> $['docks'][2]
        $.docks[?value(@.load[*]) == 13] -> $['docks'][2]
        $.docks[?value(@.load[*]) == @.missing] -> $['docks'][0]  $['docks'][1]  $['docks'][3]
        $.docks[?length(value(@.load)) == 0] -> $['docks'][1]
        $.docks[?match(@.lorry, 'b.*')] -> $['docks'][0]
        $.docks[?match(@.lorry, 'lu')] -> -
        $.docks[?search(@.lorry, 'lu|ed')] -> $['docks'][0]  $['docks'][1]
        $.docks[?!search(@.lorry, 'e')] -> $['docks'][2]  $['docks'][3]
        $.docks[?match(@.id, '[0-9]')] -> $['docks'][3]
        $.docks[?match(@.note, '\\p{Ll}+, we[t-z]')] -> $['docks'][2]
        $.docks[?match(@.lorry, @.lorry)] -> $['docks'][0]  $['docks'][1]
        $.docks[?match('red', @.lorry)] -> $['docks'][1]
        $.docks[?match(@.lorry, '\\w+')] -> -
        $.docks[?match(@.lorry, '(')] -> -
        $.docks[?match(@.lorry, 1)] -> -
        $.docks[?match(@.lorry, @.missing)] -> -
        $.docks[? match( @.lorry , "red" ) ] -> $['docks'][1]
        $.docks[?search(@.lorry, '') && length( @.lorry ) == 3] -> $['docks'][1]
        """#)

    private static let lines = Selection.table(
        #"["a\nb","a\rb","a b","a\u2028b","ab"]"#,
        #"""
        $[?match(@, 'a.b')] -> $[2]  $[3]
        $[?search(@, '^a$')] -> -
        $[?match(@, 'a\\nb|a\\rb')] -> $[0]  $[1]
        $[?match(@, 'a[^\\n ]?b')] -> $[1]  $[3]  $[4]
        $[?match(@, 'ab|a')] -> $[4]
        """#)

    private static let numbers = Selection.table(
        "[9007199254740992,9007199254740993,0.1,0.10000000000000000001,-0,0.0,1e0,10]",
        #"""
        $[?@ == 9007199254740993] -> $[1]
        $[?@ == 9007199254740993.0] -> $[1]
        $[?@ > 9007199254740992] -> $[1]
        $[?@ == 0.1] -> $[2]
        $[?@ == 100e-3] -> $[2]
        $[?@ == 0] -> $[4]  $[5]
        $[?@ == -0] -> $[4]  $[5]
        $[?@ == 1] -> $[6]
        $[?@ == $[0]] -> $[0]
        $[?@ < 0.10000000000000000001] -> $[2]  $[4]  $[5]
        $[?@ < 1e999999999999999999999] -> $[0]  $[1]  $[2]  $[3]  $[4]  $[5]  $[6]  $[7]
        """#)

    private static let roots =
        Selection.table(
            "7",
            #"""
            $ -> $
            $.a -> -
            $[0] -> -
            $..* -> -
            $[?@] -> -
            """#)
        + Selection.table(
            #"{"\u0001\b\f\n\r\u001f'\\":{"é":1,"e\u0301":2}}"#,
            #"""
            $.*['é'] -> $['\u0001\b\f\n\r\u001f\'\\']['é']
            $.*["e\u0301"] -> $['\u0001\b\f\n\r\u001f\'\\']['é']
            $["\u0001\b\f\n\r\u001F'\\"] -> $['\u0001\b\f\n\r\u001f\'\\']
            """#)

    @Test(arguments: selectors + slices + descendants)
    func selects(_ selection: Selection) throws {
        #expect(try selected(selection.path, in: document(selection.document)) == selection.expected)
    }

    @Test(arguments: conditions + functions + lines + numbers + roots)
    func filters(_ selection: Selection) throws {
        #expect(try selected(selection.path, in: document(selection.document)) == selection.expected)
    }

    @Test func aTreeWithinADocument() throws {
        let docks = try #require(try document(Self.yard)["docks"])
        #expect(try selected("$[1].lorry", in: docks) == "$[1]['lorry']")
        #expect(try selected("$[?@.id == $[1].id]", in: docks) == "$[1]")
    }

    @Test func singularOrNot() throws {
        for path in ["$", "$.a", "$['a'][0][-1]"] { #expect(try JSONPath(path).isSingular) }
        for path in ["$.*", "$..a", "$[0,1]", "$[1:2]", "$[?@]"] { #expect(try !JSONPath(path).isSingular) }
    }

    @Test func pathsAreTheSameByteByByte() throws {
        #expect(try JSONPath("$.a") == JSONPath("$.a"))
        #expect(try JSONPath("$.é") != JSONPath("$.e\u{301}"))
        #expect(try Set([JSONPath("$.a"), JSONPath("$.a"), JSONPath("$['a']")]).count == 2)
    }

    @Test func regularExpressionsThatNeverMatchAreTold() throws {
        let path = try JSONPath(#"$[?match(@, '\\d+') || search(@, "a(") || match(@, '[0-9]')]"#)
        #expect(
            path.neverMatching == [
                JSONPathFault(
                    13..<16, "I-Regexp has no such escape",
                    notes: ["write [0-9], or \\p{Nd} for the digits of every script"]),
                JSONPathFault(35..<36, "expected a ) that closes this"),
            ])
    }
}

import Testing

@testable import StintConfig

@Suite("HOCON syntax")
struct HOCONSyntaxTests {
  @Test(
    "these documents mean the same",
    arguments: [
      #"{"a": {"b": 1, "c": "x y"}}"#,
      "a { b = 1, c = x y }",
      "a.b : 1\na.c : \"x y\"",
      "a { b: 1 }\na { c: x y }",
      "a: { b: 2, c: x y }, a.b: 1",
      "  a\n{\n b\n:\n1\n\n,c=x y\n}\n",
      "\u{FEFF}# first\na { // second\n b: 1 # third\n\n c: x y// not a comment\n c: x\u{A0}y, c: x y }\r\n",
      "a: { b: 1 } { c: x y }",
      "\"a\".\"b\" = 1, a.\"c\" = \"\"\"x y\"\"\"",
      "{ a: { b: 1, c: x y, }, }",
    ])
  func sameMeaning(document: String) throws {
    #expect(try HOCON.parse(document) == ["a": ["b": 1, "c": "x y"]])
  }

  @Test(
    "a value has the type it looks like",
    arguments: [
      ("true", true), ("True", true), ("FALSE", false), ("null", nil), ("None", "None"), ("yes", "yes"),
      ("42", 42), ("\"42\"", "42"), ("true x", "true x"), ("1 2", "1 2"), ("truefoo", "truefoo"),
      ("10.0foo", "10.0foo"), ("[]", []), ("{}", [:]), ("\"\"", ""), ("\"\"\"\"\"\"", ""), ("\"\"\"a\"\"\"\"", "a\""),
    ] as [(String, ConfigValue)])
  func types(text: String, value: ConfigValue) throws {
    #expect(try HOCON.parse("k: \(text)")["k"] == value)
  }

  @Test(
    "a number keeps its text",
    arguments: ["0", "-1", "+5", "10.10", "1e5", "1E+5", "2.5e-3", ".5", "007", "123456789012345678901234567890"])
  func numbers(text: String) throws {
    guard case .number(let number) = try HOCON.parse("k = \(text)")["k"] else {
      Issue.record("\(text) is not read as a number")
      return
    }
    #expect(number.text == text)
    #expect(number.double == Double(text))
  }

  @Test(
    "text without quotes may look like this",
    arguments: [
      "~/.clearml/venvs-builds", "http://localhost:8008", "https://host/a/b", "registry:5000/image:tag", "a-b_c.d",
      "<20.2", "C:/x", "(x|y)", "größe", "python3.10",
    ])
  func bareText(text: String) throws {
    #expect(
      try HOCON.parse("k: \(text)\nl: [\(text), \(text)]") == [
        "k": .string(text), "l": [.string(text), .string(text)],
      ])
  }

  @Test("escapes are those of JSON, and unknown ones stay as written")
  func escapes() throws {
    let document = #"k: "a\"b\\c\/d\n\r\t\b\f\u00e9\ud83d\ude00 \d+\. \uZZ \ud800""#
    #expect(try HOCON.parse(document)["k"] == .string("a\"b\\c/d\n\r\t\u{8}\u{C}é😀 \\d+\\. \\uZZ \\ud800"))
  }

  @Test("text in triple quotes keeps line breaks and backslashes")
  func tripleQuotes() throws {
    #expect(try HOCON.parse("k: \"\"\"a\n  \"b\" \\n # c\n\"\"\", l: 1") == ["k": "a\n  \"b\" \\n # c\n", "l": 1])
  }

  @Test("white space between words is kept, and around them dropped")
  func wordsInARow() throws {
    #expect(try HOCON.parse("k =   a  \"b \"  c\t d   # e")["k"] == "a  b   c\t d")
  }

  @Test(
    "lists are separated by commas, by line breaks, or both",
    arguments: ["[1,2,3]", "[1\n2\n3]", "[ 1 , 2\n, 3, ]", "[1, # one\n2 // two\n\n3\n]", "[1] [2, 3]", "[1]\t[2] [3]"])
  func lists(text: String) throws {
    #expect(try HOCON.parse("k: \(text)")["k"] == [1, 2, 3])
  }

  @Test("a document may be a list")
  func listDocument() throws {
    #expect(try HOCON.parse(" [ 1, [2], {a: 3} ] # end") == [1, [2], ["a": 3]])
  }

  @Test("a document without fields is an empty object", arguments: ["", "  \n", "# nothing", "{}", "{ # x\n}"])
  func empty(document: String) throws {
    #expect(try HOCON.parse(document) == [:])
  }

  @Test("keys may be numbers, have spaces, and keep a dot in quotes")
  func keys() throws {
    #expect(
      try HOCON.parse(#"3.14: a, a b . c: 1, "x.y".z: 2, true: 3, "": 4, a-b/c: 5, include: 6"#)
        == [
          "3": ["14": "a"], "a b": ["c": 1], "x.y": ["z": 2], "true": 3, "": 4, "a-b/c": 5, "include": 6,
        ])
  }

  @Test("a later value replaces an earlier one, and objects merge")
  func duplicates() throws {
    #expect(try HOCON.parse("a: 1, a: 2") == ["a": 2])
    #expect(try HOCON.parse("a: [1], a: [2]") == ["a": [2]])
    #expect(try HOCON.parse("a: {x: 1, y: {z: 2}}, a: {y: {w: 3}}") == ["a": ["x": 1, "y": ["z": 2, "w": 3]]])
    #expect(try HOCON.parse("a: {x: 1}, a: null, a: {y: 2}") == ["a": ["y": 2]])
    #expect(try HOCON.parse("a.x: 1, a: 5, a.y: 2") == ["a": ["y": 2]])
  }

  @Test("+= appends to a list, wherever it began")
  func append() throws {
    #expect(try HOCON.parse("l += 1, l += 2") == ["l": [1, 2]])
    #expect(try HOCON.parse("l = [1], l += [2], l += {a: 3}") == ["l": [1, [2], ["a": 3]]])
    #expect(try HOCON.parse("a { l: [1] }, a { l += 2 }, a.l += 3") == ["a": ["l": [1, 2, 3]]])
    #expect(try HOCON.parse("b: [0], l: ${b}, l += 1, l += 2")["l"] == [0, 1, 2])
    #expect(throws: HOCONError.self) { try HOCON.parse("l: text, l += 1") }
  }

  @Test("fields keep the order of their first appearance")
  func order() throws {
    #expect(try HOCON.parse("b: 1, a: 2, c: 3, a: 4").asObject?.keys == ["b", "a", "c"])
  }
}

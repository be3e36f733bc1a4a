import Testing

@testable import StintConfig

@Suite("HOCON references")
struct HOCONReferenceTests {
  private func value(_ document: String, environment: [String: String] = [:]) throws -> ConfigValue? {
    try HOCON.parse(document, environment: environment)["k"]
  }

  @Test("a reference keeps the type of what it refers to, forwards and backwards")
  func types() throws {
    #expect(try value("a: 1, k: ${a}") == 1)
    #expect(try value("k: ${a.b}, a.b: [true]") == [true])
    #expect(try value("k: ${a}, a: 1, a: 2") == 2)
    #expect(try value(#"a."b.c": x, k: ${a."b.c"}"#) == "x")
    #expect(try value("a: null, k: ${a}") == .null)
  }

  @Test("a reference is joined with what stands beside it")
  func joined() throws {
    #expect(try value("h: host, p: 80, k: http://${h}:${p}/x y") == "http://host:80/x y")
    #expect(try value(#"a: 1.50, k: "<"${a}">""#) == "<1.50>")
    #expect(try value("a: [1], k: ${a} [2] ${a}") == [1, 2, 1])
    #expect(try value("a: {x: 1, y: 1}, k: ${a} {y: 2}") == ["x": 1, "y": 2])
    #expect(try value("a: {x: 1}, k: {x: 0, y: 0}, k: ${a}") == ["x": 1, "y": 0])
  }

  @Test("text in quotes holds no references")
  func quoted() throws {
    #expect(try value(#"a: 1, k: "${a}""#) == "${a}")
  }

  @Test("a name the document does not define comes from the environment, as text")
  func environment() throws {
    #expect(try value("k: ${HOME}/x", environment: ["HOME": "/root"]) == "/root/x")
    #expect(try value("k: ${N}", environment: ["N": "5"]) == "5")
    #expect(try value("N: 6, k: ${N}", environment: ["N": "5"]) == 6)
    #expect(try value("N: null, k: ${N}", environment: ["N": "5"]) == .null)
    #expect(try value("k: 1, k: ${?EMPTY}", environment: ["EMPTY": ""]) == 1)
    #expect(try HOCON.parse("PATH: ${PATH}:/x", environment: ["PATH": "/bin"]) == ["PATH": "/bin:/x"])
  }

  @Test("an optional reference to nothing leaves no trace")
  func optional() throws {
    #expect(try HOCON.parse("k: ${?a}") == [:])
    #expect(try HOCON.parse("k: ${?a}${?b}") == [:])
    #expect(try value("k: 1, k: ${?a}") == 1)
    #expect(try value("k: [1, ${?a}, 2]") == [1, 2])
    #expect(try value("k: x${?a}y") == "xy")
    #expect(try value("k: ${?a} [1]") == [1])
    #expect(try value("k: {x: 1} ${?a}") == ["x": 1])
  }

  @Test("a field that refers to itself sees its earlier value")
  func selfReference() throws {
    #expect(try value("k: a, k: ${k}b, k: ${k}c") == "abc")
    #expect(try value("k: [1], k: ${k} [2], k: [0] ${k}") == [0, 1, 2])
    #expect(try value("k: {x: 1}, k: ${k} {y: 2}") == ["x": 1, "y": 2])
    #expect(try value("k: {l: [1]}, k: {l: ${k.l} [2]}") == ["l": [1, 2]])
    #expect(try value("k: ${?k} [1]") == [1])
    #expect(try value("k: 1, k: ${b}, b: ${k}") == 1)
  }

  @Test("an object may refer to its own parts")
  func parts() throws {
    #expect(try value("k: {foo: 42, baz: ${k.foo}}") == ["foo": 42, "baz": 42])
    #expect(try value("k: {foo: 42, baz: ${k.foo}}, k: {foo: 43}") == ["foo": 43, "baz": 43])
    #expect(
      try HOCON.parse("bar: {a: ${foo.d}, b: 1}, bar.b = 3, foo: {c: ${bar.b}, d: 2}, foo.d = 4")
        == ["bar": ["a": 4, "b": 3], "foo": ["c": 3, "d": 4]])
    #expect(try value("base: {x: 1}, k: ${base} {y: ${k.x}}") == ["x": 1, "y": 1])
    #expect(try value("base: {x: {p: 1}}, k: ${base} {x: {q: 2}, y: ${k.x}}")?["y"] == ["p": 1, "q": 2])
  }

  @Test("a simple value hides what an earlier object had below it")
  func hidden() throws {
    #expect(try value("a: {b: {c: 1}}, o: {b: 5}, a: ${o}, k: ${?a.b.c}") == nil)
  }

  @Test(
    "a circle is an error at the reference, not a hang",
    arguments: [
      "a: ${a}", "a: ${b}, b: ${a}", "a: ${b}, b: ${c}, c: ${a}", "a: {b: ${a}}", "a: [${a}]", "a: x${a}",
      "a: ${b.c}, b: {c: ${a}}", "a: {x: ${b}}, b: {y: ${a}}", "a: {b: ${a.b}}", "a: ${a}${a}",
    ])
  func circles(document: String) throws {
    let error = try #require(throws: HOCONError.self) { try HOCON.parse("\n" + document) }
    #expect(error.line == 2)
    #expect(error.reason.contains("leads back to itself"))
  }
}

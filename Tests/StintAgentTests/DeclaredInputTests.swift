import StintRuntime
import StintWire
import Testing

@testable import StintAgent

@Suite("The inputs that a task declares")
struct DeclaredInputTests {
  private let hash = String(repeating: "ab", count: 32)

  private func inputs(_ text: String) throws -> [DeclaredInput] {
    let record: JSON = [
      "id": "t", "configuration": ["stint_inputs": ["name": "stint_inputs", "value": .string(text)]],
    ]
    return try DeclaredInput.all(of: record.decode())
  }

  @Test("are read from a list, as JSON and as HOCON")
  func lists() throws {
    let expected = [
      DeclaredInput(source: .url("http://h.test/a.bin"), hash: hash, kind: .models, path: "in/a"),
      DeclaredInput(source: .url("http://h.test/b"), hash: hash, kind: .datasets),
    ]
    let json = """
      [{"url": "http://h.test/a.bin", "sha256": "\(hash)", "kind": "model", "path": "in/a"},
       "http://h.test/b#sha256=\(hash)"]
      """
    #expect(try inputs(json) == expected)
    #expect(
      try inputs(
        "[{url = \"http://h.test/a.bin\", sha256 = \(hash), kind = models, path = in/a}, \"http://h.test/b#sha256=\(hash)\"]"
      )
        == expected)
  }

  @Test("are read from an object that names them, as connect_configuration writes one, and from a single one")
  func objects() throws {
    #expect(
      try inputs("weights.bin = \"http://h.test/a#sha256=\(hash)\"".replacing("weights.bin", with: "\"weights.bin\""))
        == [DeclaredInput(source: .url("http://h.test/a"), hash: hash, kind: .datasets, path: "weights.bin")])
    #expect(
      try inputs(#"{"task": "t1", "artifact": "x"}"#)
        == [DeclaredInput(source: .artifact(task: "t1", name: "x"), kind: .datasets)])
    #expect(try inputs(#"[{"dataset": "d1"}]"#) == [DeclaredInput(source: .dataset("d1"), kind: .datasets)])
    #expect(try inputs("  \n ").isEmpty)
  }

  @Test("are read from a section of hyperparameters and from the input models, which may be missing")
  func others() throws {
    let record: JSON = [
      "id": "t", "models": ["input": [["name": "m", "model": "m1"]]],
      "hyperparams": [
        "stint_inputs": ["data/x.csv": ["name": "data/x.csv", "value": .string("http://h.test/x#sha256=\(hash)")]]
      ],
    ]
    #expect(
      try DeclaredInput.all(of: record.decode()) == [
        DeclaredInput(source: .url("http://h.test/x"), hash: hash, kind: .datasets, path: "data/x.csv"),
        DeclaredInput(source: .model("m1"), kind: .models, isRequired: false),
      ])
  }

  @Test(
    "are refused where they make no sense", arguments: ["[", "[{}]", "[17]", "[[]]", "17", #"[{"url": 1}]"#, "{a: {}}"])
  func nonsense(text: String) {
    #expect(throws: InputError.self) { try inputs(text) }
  }

  @Test("never lead out of the task's folder", arguments: ["", "/a", "..", "a/../b", "a/..", ".", "a\u{0}b", "/"])
  func paths(path: String) {
    #expect(InnerPath.normalized(path) == nil)
  }

  @Test("may lie in folders below it")
  func innerPaths() {
    #expect(InnerPath.normalized("a/./b//c..d") == "a/b/c..d")
  }

  @Test("are addressed by percent-encoded paths")
  func addresses() {
    #expect("a b/ä?#[.bin".percentEncodedPath == "a%20b/%C3%A4%3F%23%5B.bin")
  }
}

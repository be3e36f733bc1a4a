import StintWire
import Testing

@Suite struct RequestCheckTests {
  private let check = RequestCheck(of: Tasks.GetAll.self)

  @Test(
    "what a filter may be is taken, as lenient as the protocol is",
    arguments: [
      [:], ["name": "a", "id": ["b"], "tags": "c", "parent": [nil], "page": "3", "search_hidden": 1],
      ["status_changed": ">=2024-01-01", "last_update": ["<2024-01-01"], "created": [nil, "2024-01-01"]],
      ["_any_": ["fields": ["name"], "pattern": "a"], "filters": ["tags": ["any": ["include": ["x"]]]]],
      ["active_duration": [">=5", 7], "scroll_id": nil, "no such field": [[:]], "hyperparams.Args.x": 3],
    ] as [JSON])
  func taken(request: JSON) throws {
    try check.check(request)
  }

  @Test(
    "what is wrong is told with the path of the field",
    arguments: [
      (3, []), (["page": "x"], ["page"]), (["id": ["a", 3]], ["id", "1"]), (["tags": ["a": 1]], ["tags"]),
      (["_any_": ["pattern": "a"]], ["_any_", "fields"]), (["search_hidden": "maybe"], ["search_hidden"]),
      (["filters": ["tags": ["op": "xor"]]], ["filters", "tags", "op"]), (["name": "a\u{0}"], ["name"]),
      (["only_fields": [[:]]], ["only_fields", "0"]),
    ] as [(JSON, [String])])
  func refused(request: JSON, path: [String]) {
    let error = #expect(throws: FieldError.self) { try check.check(request) }
    switch error {
    case .missing(let found), .wrongType(let found, _, _), .notAChoice(let found, _), .outOfRange(let found, _):
      #expect(found == path)
    case nil: break
    }
  }

  @Test("requests with types of their own are left to decoding")
  func typed() throws {
    try RequestCheck(of: Tasks.Create.self).check(["name": 3])
  }
}

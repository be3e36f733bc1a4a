import StintStore
import StintWire
import Testing

/// Requests for documents that are wrong in all the ways a request can be.
@Suite struct QueryFuzzTests {
  @Test("whatever a filter is, it is refused in the protocol's words or answered", arguments: 1...8)
  func anyFilter(seed: UInt64) async throws {
    var generator = SeededGenerator(seed: seed)
    let requests = (0..<150).map { _ in Hostile.request(&generator) }
    try await withStore { store, _ in
      try await store.add([["id": "1", "name": "a", "tags": ["x"], "hyperparams": ["A": ["b": "1"]]]], to: .tasks)
      for request in requests {
        do throws(WireError) {
          let query = try Query(parsing: request, for: .tasks)
          await #expect(throws: Never.self, "\(request.text.prefix(400))") {
            try await store.read { _ = try $0.find(.tasks, query) }
          }
        } catch {
          #expect(error.code == 400, "\(request.text.prefix(400))")
        }
      }
    }
  }

  @Test(
    "what is wrong in a filter is told with the field's name",
    arguments: [
      (["name": "("], "name"), (["_any_": ["pattern": "[", "fields": ["name"]]], "_any_.pattern"),
      (["_all_": 3], "_all_"), (["_any_": ["pattern": 3, "fields": ["name"]]], "_any_.pattern"),
      (["_any_": ["pattern": "a", "fields": [3]]], "_any_.fields"), (["filters": []], "filters"),
      (["filters": ["tags": 3]], "filters.tags"), (["filters": ["tags": ["any": ["include": "x"]]]], "filters.tags"),
      (["search_text": 3], "search_text"), (["search_hidden": "maybe"], "search_hidden"),
      (["include_subprojects": [:]], "include_subprojects"), (["scroll_id": 3], "scroll_id"),
      (["page": "x"], "page"), (["page_size": 1.5], "page_size"), (["only_fields": 3], "only_fields"),
      (["order_by": [3]], "order_by"), (["status_changed": [">=yesterday"]], "status_changed"),
      (["created": ["2024-01-01"]], "created"), (["last_iteration": [[], nil]], "last_iteration"),
      (["status": [["a"]]], "status"),
    ] as [(JSON, String)])
  func namesTheField(request: JSON, field: String) {
    let error = #expect(throws: WireError.self) { try Query(parsing: request, for: .tasks) }
    #expect(error?.code == 400)
    #expect(error?.message.contains(field) == true, "\(error?.message ?? "")")
  }

  @Test(
    "lists that are longer than a statement can be are refused, those that are long found",
    arguments: ["tags", "system_tags", "models.input.model"])
  func longLists(field: String) async throws {
    func request(_ count: Int) -> JSON { [field: .array((0..<count).map { .string("value \($0)") })] }
    try await withStore { store, _ in
      try await store.add([["id": "1", "tags": ["value 7"], "system_tags": ["value 7"]]], to: .tasks)
      #expect(try await store.ids(request(1900)).count == (field.hasSuffix("tags") ? 1 : 0))
      #expect(throws: WireError.self) { try Query(parsing: request(5000), for: .tasks) }
    }
  }

  @Test("as many fields as a pattern may have, and as many keys as an order may have, are served")
  func manyFields() async throws {
    try await withStore { store, _ in
      try await store.add([["id": "1", "name": "a"]], to: .tasks)
      let fields = JSON.array(Array(repeating: "name", count: 1900))
      #expect(try await store.ids(["_any_": ["pattern": "a.*", "fields": fields]]) == ["1"])
      #expect(try await store.ids(["_all_": ["pattern": "b", "fields": fields]]) == [])
      #expect(try await store.ids(["order_by": .array(Array(repeating: "-name", count: 100))]) == ["1"])
      #expect(throws: WireError.self) {
        try Query(parsing: ["order_by": .array(Array(repeating: "name", count: 101))], for: .tasks)
      }
    }
  }
}

/// Values that break servers.
private enum Hostile {
  private static let texts = [
    "", " ", "\u{0}", "a\u{0}b", "'; DROP TABLE tasks; --", "\" OR 1=1 --", "%' ESCAPE '", "$.a[#-1]", "a.b..c", ".",
    "*",
    "-", "--", "__$not", "__$all", "__$nop", "(a+)+$", "((((.*)*)*)*)*x", "[", "a{1,99999}", "9999-99-99", ">=", "<=x",
    ">2024-01-01", "1e400", "NaN", String(repeating: "9", count: 400), String(repeating: "x.", count: 3000),
    "\u{202E}💩",
    "hyperparams.A.b", "o-1", "o99999999999999999999", "name",
  ]
  private static let others: [JSON] = [
    nil, true, false, [], [:], [nil], [[[]]], ["": nil], 0, -1, 1, 0.5, .int(.min), .int(.max), .double(1e308),
    .double(.infinity), .double(.nan),
  ]
  private static let fields = [
    "id", "name", "tags", "system_tags", "user", "project", "status", "type", "parent", "execution.queue", "comment",
    "models.input.model", "created", "last_update", "status_changed", "started", "active_duration", "last_iteration",
    "hyperparams.A.b", "hyperparams.", "hyperparams.\"", "runtime.a b", "last_metrics.x.y.value", "page", "page_size",
    "size", "scroll_id", "order_by", "only_fields", "search_text", "search_hidden", "include_subprojects", "_any_",
    "_all_", "_or_", "_and_", "filters",
  ]

  static func request(_ generator: inout SeededGenerator) -> JSON {
    var request: JSON = [:]
    for _ in 0..<Int.random(in: 1...4, using: &generator) {
      guard let field = fields.randomElement(using: &generator) else { continue }
      request[field] = value(of: field, &generator)
    }
    return request
  }

  /// Half of the time what the field's shape has its leaves in, so that it is looked at.
  private static func value(of field: String, _ generator: inout SeededGenerator) -> JSON {
    guard Bool.random(using: &generator) else { return leaf(&generator) }
    switch field {
    case "_any_", "_all_", "_or_", "_and_":
      return [
        Bool.random(using: &generator) ? "pattern" : "datetime": leaf(&generator),
        "fields": [.string(fields.randomElement(using: &generator) ?? "name"), leaf(&generator)],
      ]
    case "filters":
      return [
        fields.randomElement(using: &generator) ?? "tags": [
          "any": ["include": [leaf(&generator)], "exclude": leaf(&generator)], "op": leaf(&generator),
        ]
      ]
    default: return .array((0..<Int.random(in: 0...4, using: &generator)).map { _ in leaf(&generator) })
    }
  }

  private static func leaf(_ generator: inout SeededGenerator) -> JSON {
    if Bool.random(using: &generator) { return .string(texts.randomElement(using: &generator) ?? "") }
    return others.randomElement(using: &generator) ?? nil
  }
}

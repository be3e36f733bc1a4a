import GRDB
import StintWire
import Testing

@testable import StintStore

/// Pages of a collection that is too large for all of it to be looked at.
@Suite struct SearchTests {
  private static let count = 7000

  /// Tasks of which few or many have each thing that is filtered for, in an order of their own by each field.
  private static func task(_ number: Int) -> JSON {
    let scrambled = number * 2741 % count
    func time(_ value: Int) -> JSON { .string("2024-01-01T\(10_000_000 + value)") }
    var task: JSON = [
      "id": .string("t\(number)"), "name": .string("task \(scrambled)"), "project": .string("p\(number % 70)"),
      "status": number % 997 == 3 ? "queued" : "completed", "type": number % 2 == 0 ? "training" : "testing",
      "created": time(number), "last_update": time(scrambled),
      "tags": number % 500 == 7 ? ["rare", "common"] : ["common"],
      "system_tags": number % 3 == 0 ? ["archived"] : [],
    ]
    if number % 4 != 0 { task["started"] = time(scrambled) }
    return task
  }

  private static let filters: [(JSON, @Sendable (Int) -> Bool)] = [
    ([:], { _ in true }),
    (["project": ["p5"]], { $0 % 70 == 5 }),
    (["project": ["p5", "p6"], "status": ["completed"]], { [5, 6].contains($0 % 70) && $0 % 997 != 3 }),
    (["status": ["queued"]], { $0 % 997 == 3 }),
    (["status": ["queued"], "type": ["training"]], { $0 % 997 == 3 && $0 % 2 == 0 }),
    (["status": ["completed"], "system_tags": ["-archived"]], { $0 % 997 != 3 && $0 % 3 != 0 }),
    (["tags": ["rare"]], { $0 % 500 == 7 }),
    (["tags": ["__$all", "common", "rare"], "type": ["testing"]], { $0 % 500 == 7 && $0 % 2 != 0 }),
    (["name": "task \\d*77$"], { $0 * 2741 % count % 100 == 77 }),
    (["id": ["t3", "t4"]], { $0 == 3 || $0 == 4 }),
    (["project": ["nosuch"]], { _ in false }),
  ]

  @Test("a page of many tasks is what it is when all are found and sorted, however they are looked for")
  func pages() async throws {
    try await withStore { store, _ in
      try await store.add((0..<Self.count).map(Self.task), to: .tasks)
      for (filter, holds) in Self.filters {
        for order in ["created", "-last_update", "started", "-started", "name", "type", nil] {
          let expected = Self.sorted((0..<Self.count).filter(holds), by: order).map { "t\($0)" }
          for page in [0, 2] {
            var request = filter
            (request["page"], request["page_size"]) = (.int(Int64(page)), 7)
            if let order { request["order_by"] = [.string(order)] }
            let found = try await store.ids(request)
            #expect(found == Array(expected.dropFirst(page * 7).prefix(7)), "\(request.text)")
          }
        }
      }
    }
  }

  @Test("tasks with a tag come in the order of their last change, whatever happened to them")
  func changes() async throws {
    try await withStore { store, _ in
      @Sendable func task(_ id: String, _ moment: Int, _ tags: JSON) -> JSON {
        ["id": .string(id), "last_update": .string("2024-01-0\(moment)"), "tags": tags]
      }
      try await store.add(["a", "b", "c", "d", "e"].enumerated().map { task($1, $0 + 1, ["best"]) }, to: .tasks)
      try await store.add([["id": "new", "tags": ["best"]]], to: .tasks)
      try await store.write { records in
        try records.put(.tasks, task("a", 9, ["best"]))
        try records.put(.tasks, task("b", 2, ["other"]))
        try records.put(.tasks, task("c", 8, ["best", "other"]))
        _ = try records.delete(.tasks, id: "d")
      }
      func ids(_ order: JSON) async throws -> [String] {
        try await store.ids(["tags": ["best"], "order_by": [order], "page": 0, "page_size": 9])
      }
      #expect(try await ids("-last_update") == ["a", "c", "e", "new"])
      #expect(try await ids("last_update") == ["new", "e", "c", "a"])
    }
  }

  /// Sorts numbers of tasks as the database does: missing values first, equal ones in the order of their making.
  private static func sorted(_ numbers: [Int], by order: String?) -> [Int] {
    guard let order else { return numbers }
    let isDescending = order.hasPrefix("-")
    let field = isDescending ? String(order.dropFirst()) : order
    let keyed = numbers.map { (key: task($0)[field]?.string ?? "", number: $0) }.sorted { $0 < $1 }
    return isDescending ? keyed.reversed().map(\.number) : keyed.map(\.number)
  }

  @Test(
    "a page of many tasks is looked for by an index, without sorting them all",
    arguments: [
      ["order_by": ["-created"]], ["order_by": ["-last_update"], "status": ["completed"]],
      ["order_by": ["-last_update"], "project": ["p5"], "status": ["completed"]],
      ["order_by": ["-started"], "project": ["p5", "p6"]], ["order_by": ["name"], "system_tags": ["-archived"]],
      ["order_by": ["-last_update"], "tags": ["rare"]], ["order_by": ["-last_update"], "status": ["queued"]],
    ] as [JSON])
  func plans(request: JSON) async throws {
    var request = request
    request["page_size"] = 7
    let query = try Query(parsing: request, for: .tasks)
    try await withStore { store, _ in
      try await store.add((0..<Self.count).map(Self.task), to: .tasks)
      let plan = try await store.read { records in
        try query.searches(in: .tasks, records.db).first.map { try $0.plan(records.db) } ?? ""
      }
      #expect(plan.contains("USING"), "\(plan)")
      #expect(request["tags"] == nil || !plan.contains("TEMP B-TREE FOR ORDER BY"), "\(plan)")
      #expect(!plan.contains("SCAN tasks\n"), "\(plan)")
    }
  }
}

extension Search {
  /// What SQLite says it would do.
  fileprivate func plan(_ db: Database) throws -> String {
    let sql: SQL =
      switch self {
      case .fewInOrder(let candidates, _): candidates
      case .few(let rows), .beginning(let rows), .all(let rows): rows
      }
    let request = SQLRequest<Row>(literal: "EXPLAIN QUERY PLAN \(sql)")
    return try Row.fetchAll(db, request).map { ($0["detail"] as String) + "\n" }.joined()
  }
}

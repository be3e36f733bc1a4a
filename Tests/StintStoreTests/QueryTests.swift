import StintStore
import StintWire
import Testing

@Suite struct QueryTests {
  private static let tasks: [JSON] = [
    [
      "id": "0", "name": "find task 0", "status": "in_progress", "tags": ["red"], "comment": "c 0", "last_iteration": 9,
    ],
    [
      "id": "1", "name": "find task 1", "status": "completed", "tags": ["blue", "red"], "comment": "c 1", "parent": "0",
      "created": "2024-05-01T10:00:00.000000+00:00", "status_changed": "2024-05-02T10:00:00.000000+00:00",
      "models": ["input": [["name": "m", "model": "m1"]], "output": []],
    ],
    [
      "id": "2", "name": "find task 2", "status": "created", "tags": ["blue"], "comment": "c 2", "parent": nil,
      "hyperparams": ["Args": ["lr": ["value": "10"]]], "created": "2024-06-01T10:00:00.000000+00:00",
      "status_changed": "2024-06-02T10:00:00.000000+00:00",
    ],
    ["id": "3", "name": "find task 3", "tags": [], "parent": "", "hyperparams": ["Args": ["lr": ["value": "9"]]]],
  ]

  @Test(
    "a filter finds what the protocol says",
    arguments: [
      (["id": ["0", "2"]], ["0", "2"]), (["id": "3"], ["3"]), (["id": []], ["0", "1", "2", "3"]),
      (["status": ["completed", "in_progress"]], ["0", "1"]), (["status": ["-created"]], ["0", "1", "3"]),
      (["status": ["__$not", "created", "__$not", "completed"]], ["0", "1", "2", "3"]),
      (["status": ["__$all", "__$not", "created", "__$not", "completed"]], ["0", "3"]),
      (["status": [nil]], ["3"]), (["status": ["created", nil]], ["2", "3"]),
      (["status": ["__$not", nil]], ["0", "1", "2"]),
      (["tags": ["red", "blue"]], ["0", "1", "2"]), (["tags": ["-red"]], ["2", "3"]),
      (["tags": ["blue", "-red"]], ["2"]), (["tags": ["__$all", "red", "blue"]], ["1"]),
      (["tags": ["__$and", "red", "__$not", "blue"]], ["0"]),
      (["tags": ["__$or", "green", "__$not", "red"]], ["2", "3"]),
      (["tags": [nil]], ["3"]), (["tags": ["__$all", "red", "__$or", "blue", "__$not", "red"]], ["1"]),
      (["parent": [nil]], ["0", "2", "3"]), (["parent": ["0"]], ["1"]),
      (["name": "TASK [12]"], ["1", "2"]), (["name": "^find task 3$"], ["3"]), (["name": "^Find Task 3$"], ["3"]),
      (["search_text": "C 2"], ["2"]), (["search_text": "blu"], ["1", "2"]), (["search_text": "%"], []),
      (["_any_": ["pattern": "c 2|task 1", "fields": ["name", "comment"]]], ["1", "2"]),
      (["_all_": ["pattern": "1", "fields": ["name", "comment"]]], ["1"]),
      (["_any_": ["pattern": "^blue$", "fields": ["tags"]]], ["1", "2"]),
      (["_any_": ["datetime": ">=2024-06-01", "fields": ["created", "status_changed"]]], ["2"]),
      (["status_changed": [">=2024-05-02T12:00:00+02:00", "<2024-06-01"]], ["1"]),
      (["status_changed": ">2024-05-02T10:00:00Z"], ["2"]), (["created": ["2024-05-15", nil]], ["2"]),
      (["created": [nil, "2024-05-15"]], ["1"]), (["last_iteration": [5, nil]], ["0"]),
      (["hyperparams.Args.lr.value": ["9"]], ["3"]), (["models.input.model": ["m1"]], ["1"]),
      (["filters": ["status": ["any": ["include": ["completed"]]]]], ["1"]),
      (["filters": ["tags": ["all": ["include": ["blue"], "exclude": ["red"]]]]], ["2"]),
      (["order_by": ["-name"]], ["3", "2", "1", "0"]),
      (["order_by": ["hyperparams.Args.lr.value", "-name"]], ["1", "0", "3", "2"]),
      (["page": 1, "page_size": 3], ["3"]), (["page": 0, "page_size": 2], ["0", "1"]),
      (["page": 9, "page_size": 2], []),
      (["size": 2], ["0", "1", "2", "3"]), (["scroll_id": nil, "size": 2], ["0", "1"]),
      (["nosuchfilter": 3, "script.repository": ["x"]], ["0", "1", "2", "3"]), (["status": nil], ["0", "1", "2", "3"]),
    ] as [(JSON, [String])])
  func filters(request: JSON, expected: [String]) async throws {
    try await withStore { store, _ in
      try await store.add(Self.tasks, to: .tasks)
      #expect(try await store.ids(request) == expected)
    }
  }

  @Test(
    "a request that cannot be understood is refused with the protocol's code",
    arguments: [
      (["name": "["], .invalidRegex), (["created": ["<2024-01-01"]], .validation), (["page": -1], .validation),
      (["page_size": 0], .validation), (["page": "x"], .validation), (["only_fields": ["nosuch"]], .unknownField),
      (["only_fields": ["nosuch.name"]], .unknownField), (["order_by": "name"], .unknownField),
      (["order_by": ["nosuch"]], .unknownField), (["order_by": [1]], .validation),
      (["scroll_id": "zzz"], .invalidScrollID),
      (["status": [["a"]]], .validation), (["status_changed": [">=yesterday"]], .validation),
      (["_any_": ["pattern": "x"]], .validation), (["_any_": ["pattern": "x", "fields": ["nosuch"]]], .unknownField),
      (["filters": ["tags": ["any": ["red"], "include": ["green"]]]], .validation),
      (["filters": ["nosuch": ["any": ["include": ["x"]]]]], .validation),
      (["last_iteration": ["x", nil]], .validation),
    ] as [(JSON, WireError.Kind)])
  func refusals(request: JSON, kind: WireError.Kind) {
    let error = #expect(throws: WireError.self) { try Query(parsing: request, for: .tasks) }
    #expect(error?.is(kind) == true)
  }

  @Test(
    "text that looks like SQL is only text",
    arguments: [
      "' OR 1=1 --", "'; DROP TABLE tasks; --", "\") OR (\"1\"=\"1", "a' || 'b", "x\u{0}y", "%", "_", "\\", "$.name",
      "]]>", "\u{1F4A5}",
    ])
  func injection(text: String) async throws {
    try await withStore { store, _ in
      try await store.add(Self.tasks, to: .tasks)
      let value = JSON.string(text)
      let all = Self.tasks.compactMap { $0["id"]?.string }

      for request: JSON in [
        ["id": [value]], ["status": [value]], ["tags": [value]], ["project": [value], "include_subprojects": true],
        ["hyperparams.Args.lr.value": [value]], .object(["hyperparams.\(text).value": ["x"]]),
        .object(["runtime.\(text)": [value]]), ["search_text": .string(text + "zzz")],
      ] {
        #expect(try await store.ids(request) == [])
      }
      #expect(try await store.ids(.object(["order_by": [.string("hyperparams." + text)]])) == all)
      #expect(try await store.ids(["tags": ["__$not", value]]) == all)
    }
  }

  @Test("a project's tasks are found with those of the projects below it")
  func subprojects() async throws {
    try await withStore { store, _ in
      try await store.add(
        [
          ["id": "p"], ["id": "q", "parent": "p", "path": ["p"]], ["id": "r", "parent": "q", "path": ["p", "q"]],
          ["id": "s"],
        ],
        to: .projects)
      try await store.add(
        ["p", "q", "r", "s"].map { ["id": .string("in " + $0), "project": .string($0)] }, to: .tasks)

      #expect(try await store.ids(["project": ["p"]]) == ["in p"])
      #expect(try await store.ids(["project": ["p"], "include_subprojects": true]) == ["in p", "in q", "in r"])
      #expect(try await store.ids(["project": "q", "include_subprojects": true]) == ["in q", "in r"])
      #expect(try await store.ids(["parent": ["p"]], in: .projects) == ["q", "r"])
    }
  }

  @Test("hidden documents are found only when asked for")
  func hidden() async throws {
    try await withStore { store, _ in
      try await store.add([["id": "a"], ["id": "b", "system_tags": ["hidden"]]], to: .projects)
      try await store.add([["id": "k", "name": "glue", "system_tags": ["k8s-glue"]]], to: .queues)

      #expect(try await store.ids([:], in: .projects) == ["a"])
      #expect(try await store.ids(["search_hidden": true], in: .projects) == ["a", "b"])
      #expect(try await store.ids(["id": ["b"]], in: .projects) == ["b"])
      #expect(try await store.ids([:], in: .queues) == [])
      #expect(try await store.ids(["name": "glue"], in: .queues) == ["k"])
    }
  }

  @Test("scrolling visits every document once and then ends")
  func scrolling() async throws {
    try await withStore { store, _ in
      try await store.add((0..<7).map { ["id": .string("\($0)"), "name": "same"] }, to: .tasks)
      var seen: [String] = []
      var token: JSON = nil
      for _ in 0..<4 {
        let query = try Query(parsing: ["order_by": ["-name"], "size": 3, "scroll_id": token], for: .tasks)
        let page = try await store.read { try $0.find(.tasks, query).compactMap { $0["id"]?.string } }
        seen += page
        token = .string(try #require(query.nextScrollID(returned: page.count)))
      }

      #expect(seen == (0..<7).reversed().map(String.init))
    }
  }

  @Test("a projection keeps and removes nested fields")
  func projection() throws {
    let document: JSON = [
      "id": "1", "name": "n", "project": ["id": "p", "name": "P", "x": 1], "script": ["diff": "d", "branch": "b"],
      "models": ["input": [["model": "a", "name": "x"], ["model": "b", "name": "y"]]],
    ]
    func cut(_ fields: [String], withID: Bool = false) throws -> JSON {
      try Projection(fields, for: .tasks).apply(to: document, withID: withID)
    }

    #expect(try cut([]) == document)
    #expect(try cut(["name", "comment"]) == ["name": "n"])
    #expect(try cut(["name"], withID: true) == ["id": "1", "name": "n"])
    #expect(try cut(["project.name", "project.id"]) == ["project": ["id": "p", "name": "P"]])
    #expect(try cut(["models.input.model"]) == ["models": ["input": [["model": "a"], ["model": "b"]]]])
    #expect(
      try cut(["-models", "-script.diff", "-project"]) == ["id": "1", "name": "n", "script": ["branch": "b"]])
    #expect(try Projection(["project.name", "-name"], for: .tasks).wants("project"))
    #expect(try !Projection(["-name"], for: .tasks).wants("name"))
    #expect(try Projection(["project.name"], for: .tasks).subfields(of: "project") == ["name"])
  }
}

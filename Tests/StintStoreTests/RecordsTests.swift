import StintStore
import StintWire
import Testing

@Suite struct RecordsTests {
  @Test("documents of every kind come back as they were put")
  func roundTrip() async throws {
    try await withStore { store, _ in
      let document: JSON = [
        "id": "x", "name": "it's \"quoted\" — ünï", "tags": ["a", "b"], "nested": ["deep": [1, 2.5, nil, true]],
        "created": "2024-01-01T00:00:00.000000+00:00", "zero": "a\u{0}b",
      ]
      for collection in StintStore.Collection.allCases {
        try await store.write { try $0.put(collection, document) }
        #expect(try await store.read { try $0.get(collection, id: "x") } == document)
      }
    }
  }

  @Test("putting a document again replaces it and keeps its place")
  func replace() async throws {
    try await withStore { store, _ in
      try await store.add([["id": "a", "v": 1], ["id": "b", "v": 1], ["id": "a", "v": 2]], to: .settings)

      #expect(try await store.read { try $0.find(.settings) } == [["id": "a", "v": 2], ["id": "b", "v": 1]])
    }
  }

  @Test("update changes what is there and returns it; the id stays")
  func update() async throws {
    try await withStore { store, _ in
      try await store.add([["id": "a", "v": 1]], to: .settings)

      let updated = try await store.write { try $0.update(.settings, id: "a") { $0 = ["id": "other", "v": 2] } }
      let missing = try await store.write { try $0.update(.settings, id: "b") { $0["v"] = 2 } }

      #expect(updated == ["id": "a", "v": 2])
      #expect(missing == nil)
      #expect(try await store.read { try $0.count(.settings) } == 1)
    }
  }

  @Test("delete says whether there was something to delete")
  func delete() async throws {
    try await withStore { store, _ in
      try await store.add([["id": "a"]], to: .models)

      #expect(try await store.write { try $0.delete(.models, id: "a") })
      #expect(try await !store.write { try $0.delete(.models, id: "a") })
      #expect(try await !store.read { try $0.exists(.models, id: "a") })
    }
  }

  @Test("values are counted and told apart, in lists too")
  func countsAndDistinct() async throws {
    try await withStore { store, _ in
      try await store.add(
        [
          ["id": "1", "status": "queued", "tags": ["b", "a"], "project": "p"],
          ["id": "2", "status": "queued", "tags": ["a"], "project": "p"],
          ["id": "3", "project": "q", "tags": ["c"]],
        ], to: .tasks)

      try await store.read { records throws in
        #expect(try records.counts(.tasks, by: "status") == ["queued": 2, "": 1])
        #expect(try records.counts(.tasks, by: "status", .equals("project", "q")) == ["": 1])
        #expect(try records.distinct(.tasks, "tags", .equals("project", "p")) == ["a", "b"])
        #expect(try records.distinct(.tasks, "project") == ["p", "q"])
        #expect(try records.distinctNames(.tasks, in: "hyperparams").isEmpty)
        #expect(try records.get(.tasks, ids: ["1", "3", "9"]).keys.sorted() == ["1", "3"])
        #expect(try records.first(.tasks, .equals("status", "queued"))?["id"] == "1")
      }
    }
  }

  @Test("the members below a path are told once each, whatever their names and however odd the documents")
  func distinctMembers() async throws {
    try await withStore { store, _ in
      func item(_ section: String, _ name: String) -> JSON { ["section": .string(section), "name": .string(name)] }
      try await store.add(
        [
          ["id": "1", "project": "p", "hyperparams": ["Args": ["l.r": item("Args", "l.r"), "b": item("Args", "b")]]],
          ["id": "2", "project": "p", "hyperparams": ["Args": ["b": item("Args", "b")], "odd": "text"]],
          ["id": "3", "project": "q", "hyperparams": ["General": ["g": item("General", "g"), "none": [:]]]],
          ["id": "4", "project": "p", "hyperparams": ["a", "list"]],
          ["id": "5", "project": "p"],
        ], to: .tasks)

      try await store.read { records throws in
        let inP = Condition.equals("project", "p")
        let pairs = try records.distinctPairs(.tasks, in: "hyperparams", "section", "name", inP)
        #expect(pairs.map { $0 + "/" + $1 } == ["Args/b", "Args/l.r"])
        #expect(try records.distinctPairs(.tasks, in: "hyperparams", "section", "name").count == 3)
        #expect(try records.distinctNames(.tasks, in: "hyperparams") == ["Args", "General", "odd"])
        let path = FieldPath(names: ["hyperparams", "Args", "l.r", "name"])
        #expect(try records.distinct(.tasks, path) == ["l.r"])
      }
    }
  }
}

import GRDB
import StintStore
import StintWire
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct StoreTests {
  @Test("what an awaited write stored is there when the folder is copied as a kill would leave it")
  func durability() async throws {
    try await withStore { store, directory in
      try await store.write { try $0.put(.tasks, ["id": "t1", "name": "kept"]) }
      _ = try await store.events.add([["type": "log", "task": "t1", "msg": "kept too"]])
      let copy = directory.path + "/copy"
      try FileManager.default.copyItem(atPath: store.directory, toPath: copy)

      let recovered = try Store(directory: copy)
      defer { recovered.close() }

      #expect(try await recovered.read { try $0.get(.tasks, id: "t1")?["name"] } == "kept")
      #expect(try await recovered.events.log(task: "t1").events.first?["msg"] == "kept too")
    }
  }

  @Test("a hundred writes at once are all stored; those that throw are undone alone")
  func groupCommit() async throws {
    struct Refused: Error {}
    try await withStore { store, _ in
      let refused = await withTaskGroup(of: Bool.self) { group in
        for number in 0..<100 {
          group.addTask {
            do {
              try await store.write { records in
                try records.put(.tasks, ["id": .string("t\(number)")])
                if number % 10 == 3 { throw Refused() }
              }
              return false
            } catch {
              return error is Refused
            }
          }
        }
        return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
      }

      let stored = try await store.read { try $0.find(.tasks).compactMap { $0["id"]?.string } }

      #expect(refused == 10)
      #expect(Set(stored) == Set((0..<100).filter { $0 % 10 != 3 }.map { "t\($0)" }))
    }
  }

  @Test("a statement that fails inside a write undoes that write")
  func failingStatement() async throws {
    try await withStore { store, _ async throws in
      await #expect(throws: WireError.self) {
        try await store.write { records in
          try records.put(.tasks, ["id": "t1"])
          try records.put(.tasks, ["name": "without an id"])
        }
      }

      #expect(try await store.read { try $0.count(.tasks) } == 0)
    }
  }

  @Test("a second server is refused while the first has the folder, and let in afterwards")
  func directoryLock() async throws {
    let directory = try TemporaryDirectory()
    let first = try Store(directory: directory.path)

    #expect(throws: StoreError.folderInUse(directory: directory.path)) { try Store(directory: directory.path) }
    first.close()
    try Store(directory: directory.path).close()
  }

  @Test("the data folder is made with its parents and closed to other users")
  func privateDirectory() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/a/b"

    try Store(directory: path).close()

    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o700)
  }

  @Test("a folder that a newer version wrote is refused", arguments: ["stint.sqlite", "events.sqlite"])
  func newerSchema(file: String) throws {
    let directory = try TemporaryDirectory()
    try Store(directory: directory.path).close()
    try DatabaseQueue(path: directory.path + "/" + file).write { db in
      try db.execute(sql: "INSERT INTO grdb_migrations VALUES ('99 from the future')")
    }

    #expect(throws: StoreError.newerSchema(file: directory.path + "/" + file)) {
      try Store(directory: directory.path)
    }
  }

  @Test("a path that cannot be a folder is refused with a reason")
  func unusableFolder() throws {
    let directory = try TemporaryDirectory()
    let file = directory.path + "/file"
    try Data().write(to: URL(fileURLWithPath: file))

    #expect(throws: StoreError.self) { try Store(directory: file + "/data") }
  }

  @Test("what is stored is there after closing and opening again")
  func reopen() async throws {
    let directory = try TemporaryDirectory()
    let first = try Store(directory: directory.path)
    try await first.write { try $0.put(.users, ["id": "u", "name": "007"]) }
    first.close()

    let second = try Store(directory: directory.path)
    defer { second.close() }

    #expect(try await second.read { try $0.get(.users, id: "u") } == ["id": "u", "name": "007"])
    #expect(try await second.read { try $0.count(.users, .equals("name", "007")) } == 1)
  }

  @Test("after closing, a database's file alone holds all of it")
  func wholeFile() async throws {
    try await withStore { store, directory in
      try await store.write { try $0.put(.tasks, ["id": "t1"]) }
      store.close()
      try FileManager.default.createDirectory(atPath: directory.path + "/copy", withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        atPath: store.directory + "/stint.sqlite", toPath: directory.path + "/copy/stint.sqlite")

      let copy = try Store(directory: directory.path + "/copy")
      defer { copy.close() }
      #expect(try await copy.read { try $0.get(.tasks, id: "t1") } != nil)
    }
  }

  @Test("a write after closing fails")
  func writeAfterClose() async throws {
    let directory = try TemporaryDirectory()
    let store = try Store(directory: directory.path)
    store.close()

    await #expect(throws: (any Error).self) { try await store.write { try $0.put(.users, ["id": "u"]) } }
  }
}

import GRDB
import StintWire
import Testing

@testable import StintStore

@Suite struct UpgradeTests {
  @Test("a folder of the first version is brought up to date with what it holds")
  func migration() async throws {
    let directory = try TemporaryDirectory()
    let folder = DataFolder(path: directory.path)
    for database in DataFolder.databases {
      let first = database.migrator.migrations.filter { $0.hasPrefix("1 ") }
      let queue = try DatabaseQueue(path: folder.file(database), configuration: GroupedDatabase.configuration)
      try database.migrator.migrate(queue, upTo: try #require(first.last))
      try await queue.write { db in
        if database.name == DataFolder.records.name {
          try db.execute(sql: "INSERT INTO tasks (id, doc) VALUES ('t1', '{\"id\": \"t1\", \"name\": \"old\"}')")
        } else {
          try db.execute(sql: "INSERT INTO tasks (id, task, lines, next_line) VALUES (1, 't1', 1, 1)")
          try db.execute(sql: "INSERT INTO logs (task, timestamp, line, msg) VALUES (1, 5, 0, 'old line')")
        }
      }
      try queue.close()
    }

    let store = try Store(directory: directory.path)
    defer { store.close() }

    #expect(try await store.read { try $0.get(.tasks, id: "t1")?["name"] } == "old")
    let event: JSON = ["type": "log", "task": "t1", "msg": "new line", "stream": "out", "offset": 0, "size": 9]
    _ = try await store.events.add([event])
    #expect(try await store.events.log(task: "t1").events.map { $0["msg"] } == ["new line", "old line"])
    #expect(try await store.events.streamEnd(task: "t1", stream: "out") == 9)
  }

  @Test("where one database is of a newer version, the other is not touched")
  func newerEvents() throws {
    let directory = try TemporaryDirectory()
    let folder = DataFolder(path: directory.path)
    try Store(directory: directory.path).close()
    try DatabaseQueue(path: folder.file(DataFolder.events)).write { db in
      try db.execute(sql: "INSERT INTO grdb_migrations VALUES ('99 from the future')")
    }
    try DatabaseQueue(path: folder.file(DataFolder.records)).write { db in
      try db.execute(sql: "DROP TABLE files; DELETE FROM grdb_migrations WHERE identifier = '1 files'")
    }

    #expect(throws: StoreError.newerSchema(file: folder.file(DataFolder.events))) {
      try Store(directory: directory.path)
    }

    let isMigrated = try DatabaseQueue(path: folder.file(DataFolder.records)).read { try $0.tableExists("files") }
    #expect(!isMigrated)
  }
}

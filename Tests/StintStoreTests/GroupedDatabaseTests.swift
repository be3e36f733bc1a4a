import GRDB
import Testing

@testable import StintStore

@Suite struct GroupedDatabaseTests {
  @Test("commits are flushed to the disk before they are answered")
  func synchronous() async throws {
    let directory = try TemporaryDirectory()
    let database = try GroupedDatabase(path: directory.path + "/a.sqlite", migrator: DatabaseMigrator())
    defer { database.close() }

    let modes = try await database.write { db in
      (try Int.fetchOne(db, sql: "PRAGMA synchronous"), try String.fetchOne(db, sql: "PRAGMA journal_mode"))
    }

    #expect(modes.0 == 2)
    #expect(modes.1 == "wal")
  }

  @Test("a transaction that cannot be committed fails all writes in it, and the next ones succeed")
  func failedCommit() async throws {
    let directory = try TemporaryDirectory()
    let database = try GroupedDatabase(path: directory.path + "/a.sqlite", migrator: DatabaseMigrator())
    defer { database.close() }
    try await database.write { db in
      try db.execute(
        sql: """
          CREATE TABLE parents (id PRIMARY KEY);
          CREATE TABLE children (parent REFERENCES parents DEFERRABLE INITIALLY DEFERRED);
          """)
    }

    await #expect(throws: DatabaseError.self) {
      try await database.write { try $0.execute(sql: "INSERT INTO children VALUES (1)") }
    }
    try await database.write { try $0.execute(sql: "INSERT INTO parents VALUES (1); INSERT INTO children VALUES (1)") }

    #expect(try await database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM children") } == 1)
  }
}

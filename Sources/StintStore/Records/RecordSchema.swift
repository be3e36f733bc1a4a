import GRDB

/// The tables of `stint.sqlite`. A migration that has been released is never edited; a change is a new one.
enum RecordSchema {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 documents") { db in
      for (table, columns, indexes) in firstDocuments {
        let generated = columns.map { column in
          let arrow = ["tags", "system_tags", "path"].contains(column) ? "->" : "->>"
          return "\(column) GENERATED ALWAYS AS (doc \(arrow) '$.\(column)') STORED"
        }
        // The columns come before the document: they are read without following its overflow pages. They have no type,
        // as a type would make a number of a name that looks like one.
        let definitions = (["id TEXT NOT NULL PRIMARY KEY"] + generated + ["doc TEXT NOT NULL"]).joined(separator: ", ")
        try db.execute(sql: "CREATE TABLE \(table) (\(definitions))")
        for (number, index) in indexes.enumerated() {
          try db.execute(sql: "CREATE INDEX \(table)_\(number) ON \(table) (\(index))")
        }
      }
    }
    migrator.registerMigration("1 queue entries") { db in
      try db.execute(
        sql: """
          CREATE TABLE queue_entries (
            task TEXT NOT NULL PRIMARY KEY,
            queue TEXT NOT NULL,
            rank INTEGER NOT NULL,
            added TEXT NOT NULL);
          CREATE INDEX queue_entries_by_rank ON queue_entries (queue, rank);
          """)
    }
    migrator.registerMigration("1 files") { db in
      try db.execute(
        sql: """
          CREATE TABLE files (
            path TEXT NOT NULL PRIMARY KEY,
            hash TEXT NOT NULL,
            size INTEGER NOT NULL,
            type TEXT,
            created TEXT NOT NULL);
          CREATE INDEX files_by_hash ON files (hash);
          """)
    }
    migrator.registerMigration("2 leases") { db in
      try db.execute(
        sql: """
          ALTER TABLE queue_entries ADD COLUMN not_before INTEGER NOT NULL DEFAULT 0;
          CREATE TABLE leases (
            task TEXT NOT NULL PRIMARY KEY,
            id TEXT NOT NULL,
            attempt INTEGER NOT NULL,
            worker TEXT,
            queue TEXT,
            added TEXT,
            started TEXT,
            losses INTEGER NOT NULL,
            failures INTEGER NOT NULL,
            is_held INTEGER NOT NULL);
          CREATE INDEX leases_held ON leases (worker) WHERE is_held;
          CREATE INDEX leases_by_id ON leases (id);
          CREATE INDEX queue_entries_paused ON queue_entries (not_before) WHERE not_before > 0;
          """)
    }
    migrator.registerMigration("3 scale") { db in
      try addProjectStatistics(db)
      try addTaskTags(db)
      try addIndexes(db)
      try describeSize(db)
    }
    return migrator
  }

  /// What the first migration makes: columns that repeat a field of the document, and what is looked up and sorted by.
  private static let firstDocuments: [(table: String, columns: [String], indexes: [String])] = [
    (
      "tasks",
      [
        "name", "user", "project", "status", "type", "parent", "created", "last_update", "status_changed", "started",
        "completed", "tags", "system_tags",
      ],
      [
        "project, status", "project, last_update", "project, name", "status, last_update", "user, last_update",
        "type, last_update", "name COLLATE NOCASE", "parent", "created", "last_update", "status_changed", "started",
        "completed",
      ]
    ),
    (
      "models",
      ["name", "user", "project", "task", "parent", "uri", "ready", "created", "last_update", "tags", "system_tags"],
      [
        "project, last_update", "task", "uri", "name COLLATE NOCASE", "ready, last_update", "parent", "created",
        "last_update",
      ]
    ),
    (
      "projects",
      ["name", "parent", "user", "created", "last_update", "tags", "system_tags", "path"],
      ["name COLLATE NOCASE", "parent", "last_update"]
    ),
    ("queues", ["name", "created", "tags", "system_tags"], ["name COLLATE NOCASE"]),
    ("users", ["name"], ["name COLLATE NOCASE"]),
    ("credentials", ["user"], ["user"]),
    ("settings", [], []),
  ]
}

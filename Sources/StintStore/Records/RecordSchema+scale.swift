import GRDB

// What keeps answers quick when there are very many tasks: sums that are kept and not counted, and indexes.
extension RecordSchema {
  static func addProjectStatistics(_ db: Database) throws {
    try db.execute(
      sql: """
        -- Of each project, without the projects below it: its tasks that are not archived, by status.
        CREATE TABLE project_statistics (
          project TEXT NOT NULL,
          status TEXT NOT NULL,
          tasks INTEGER NOT NULL,
          runtime INTEGER NOT NULL,
          PRIMARY KEY (project, status)) WITHOUT ROWID;

        INSERT INTO project_statistics
          SELECT project, coalesce(status, ''), count(*), sum(coalesce(doc ->> '$.active_duration', 0))
          FROM tasks WHERE \(isCounted("tasks")) GROUP BY 1, 2;

        CREATE TRIGGER tasks_counted AFTER INSERT ON tasks WHEN \(isCounted("NEW")) BEGIN
          \(count("NEW"));
        END;
        CREATE TRIGGER tasks_recounted AFTER UPDATE ON tasks
          WHEN OLD.status IS NOT NEW.status OR OLD.project IS NOT NEW.project OR OLD.system_tags IS NOT NEW.system_tags
            OR OLD.doc ->> '$.active_duration' IS NOT NEW.doc ->> '$.active_duration'
        BEGIN
          \(uncount("OLD"));
          \(count("NEW"));
        END;
        CREATE TRIGGER tasks_uncounted AFTER DELETE ON tasks WHEN \(isCounted("OLD")) BEGIN
          \(uncount("OLD"));
        END;
        """)
  }

  private static func isCounted(_ row: String) -> String {
    "\(row).project IS NOT NULL AND coalesce(instr(\(row).system_tags, '\"archived\"'), 0) = 0"
  }

  private static func count(_ row: String) -> String {
    """
    INSERT INTO project_statistics
      SELECT \(row).project, coalesce(\(row).status, ''), 1, coalesce(\(row).doc ->> '$.active_duration', 0)
      WHERE \(isCounted(row))
      ON CONFLICT DO UPDATE SET tasks = tasks + 1, runtime = runtime + excluded.runtime
    """
  }

  private static func uncount(_ row: String) -> String {
    """
    UPDATE project_statistics
      SET tasks = tasks - 1, runtime = runtime - coalesce(\(row).doc ->> '$.active_duration', 0)
      WHERE project = \(row).project AND status = coalesce(\(row).status, '') AND \(isCounted(row))
    """
  }

  static func addTaskTags(_ db: Database) throws {
    try db.execute(
      sql: """
        -- The members of the list fields of tasks, to find the tasks that have a rare one, those that changed last first.
        CREATE TABLE task_tags (
          field TEXT NOT NULL,
          tag NOT NULL,
          last_update NOT NULL,
          task TEXT NOT NULL,
          PRIMARY KEY (field, tag, last_update, task)) WITHOUT ROWID;
        """)
    for field in ["tags", "system_tags"] {
      func add(_ row: String) -> String {
        """
        INSERT INTO task_tags
          SELECT DISTINCT '\(field)', value, coalesce(\(row).last_update, ''), \(row).id FROM json_each(\(row).\(field))
          WHERE value IS NOT NULL
        """
      }
      let remove = """
        DELETE FROM task_tags WHERE field = '\(field)' AND tag IN (SELECT value FROM json_each(OLD.\(field)))
          AND last_update = coalesce(OLD.last_update, '') AND task = OLD.id
        """
      try db.execute(
        sql: """
          INSERT INTO task_tags
            SELECT DISTINCT '\(field)', value, coalesce(last_update, ''), tasks.id FROM tasks, json_each(tasks.\(field))
            WHERE value IS NOT NULL;
          CREATE TRIGGER tasks_\(field)_added AFTER INSERT ON tasks WHEN NEW.\(field) <> '[]' BEGIN
            \(add("NEW"));
          END;
          CREATE TRIGGER tasks_\(field)_changed AFTER UPDATE ON tasks
            WHEN OLD.\(field) IS NOT NEW.\(field) OR (OLD.last_update IS NOT NEW.last_update AND NEW.\(field) <> '[]')
          BEGIN
            \(remove);
            \(add("NEW"));
          END;
          CREATE TRIGGER tasks_\(field)_removed AFTER DELETE ON tasks WHEN OLD.\(field) <> '[]' BEGIN
            \(remove);
          END;
          """)
    }
  }

  static func addIndexes(_ db: Database) throws {
    try db.execute(
      sql: """
        -- Statistics have made it needless.
        DROP INDEX tasks_0;
        CREATE INDEX tasks_by_project_created ON tasks (project, created);
        CREATE INDEX tasks_by_project_started ON tasks (project, started);
        CREATE INDEX tasks_by_project_completed ON tasks (project, completed);
        CREATE INDEX tasks_by_name ON tasks (name);
        CREATE INDEX projects_by_name ON projects (name);
        CREATE INDEX projects_by_created ON projects (created);
        """)
  }

  /// Tells SQLite's planner what a large data folder is like, whatever this one is like now: a plan that is good for
  /// many rows is good enough for few, and does not change over the years.
  static func describeSize(_ db: Database) throws {
    // The table of statistics cannot be made otherwise.
    try db.execute(sql: "ANALYZE settings; DELETE FROM sqlite_stat1")
    for (index, numbers) in largeIndexes {
      let table = index.split(separator: ".")[0]
      let name = index.dropFirst(table.count + 1)
      try db.execute(
        sql: "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)",
        arguments: [String(table), name.isEmpty ? nil : String(name), numbers])
    }
    try db.execute(sql: "ANALYZE sqlite_schema")
  }

  /// Of each index how many rows it has, and how many of them are equal in its first column, its first two and so on.
  private static let largeIndexes: KeyValuePairs = [
    "tasks.sqlite_autoindex_tasks_1": "1000000 1",
    "tasks.tasks_1": "1000000 100 1", "tasks.tasks_2": "1000000 100 1",
    "tasks.tasks_3": "1000000 150000 1", "tasks.tasks_4": "1000000 50000 1", "tasks.tasks_5": "1000000 100000 1",
    "tasks.tasks_6": "1000000 5", "tasks.tasks_7": "1000000 20",
    "tasks.tasks_8": "1000000 1", "tasks.tasks_9": "1000000 1", "tasks.tasks_10": "1000000 1",
    "tasks.tasks_11": "1000000 1", "tasks.tasks_12": "1000000 1",
    "tasks.tasks_by_project_created": "1000000 100 1", "tasks.tasks_by_project_started": "1000000 100 1",
    "tasks.tasks_by_project_completed": "1000000 100 1", "tasks.tasks_by_name": "1000000 5",
    "task_tags.task_tags": "2000000 1000000 1000 1 1",
    "project_statistics.project_statistics": "40000 4 1",
    "models.sqlite_autoindex_models_1": "1000000 1",
    "models.models_0": "1000000 100 1", "models.models_1": "1000000 2", "models.models_2": "1000000 1",
    "models.models_3": "1000000 5", "models.models_4": "1000000 500000 1", "models.models_5": "1000000 20",
    "models.models_6": "1000000 1", "models.models_7": "1000000 1",
    "projects.sqlite_autoindex_projects_1": "10000 1",
    "projects.projects_0": "10000 1", "projects.projects_1": "10000 10", "projects.projects_2": "10000 1",
    "projects.projects_by_name": "10000 1", "projects.projects_by_created": "10000 1",
  ]
}

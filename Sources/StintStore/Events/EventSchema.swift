import GRDB

/// The tables of `events.sqlite`. A migration that has been released is never edited; a change is a new one.
enum EventSchema {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 events") { db in
      try db.execute(
        sql: """
          -- Identifiers are written once; events refer to them by number. `lines` counts the log, `next_line` numbers it.
          CREATE TABLE tasks (
            id INTEGER PRIMARY KEY,
            task TEXT NOT NULL UNIQUE,
            lines INTEGER NOT NULL DEFAULT 0,
            next_line INTEGER NOT NULL DEFAULT 0);
          CREATE TABLE workers (
            id INTEGER PRIMARY KEY,
            worker TEXT NOT NULL UNIQUE);

          -- In the order in which a log is read: its tail lies together on the disk.
          CREATE TABLE logs (
            task INTEGER NOT NULL,
            timestamp INTEGER NOT NULL,
            line INTEGER NOT NULL,
            worker INTEGER,
            level TEXT,
            msg TEXT NOT NULL,
            PRIMARY KEY (task, timestamp, line)) WITHOUT ROWID;

          -- A series is a metric's variant. Of scalars it knows the summary, without which each report would read them all.
          CREATE TABLE series (
            id INTEGER PRIMARY KEY,
            task INTEGER NOT NULL,
            kind INTEGER NOT NULL,
            metric TEXT NOT NULL,
            variant TEXT NOT NULL,
            count INTEGER NOT NULL DEFAULT 0,
            sum REAL, first REAL, first_iter INTEGER, last REAL, last_iter INTEGER, last_timestamp INTEGER,
            min REAL, min_iter INTEGER, max REAL, max_iter INTEGER,
            UNIQUE (task, kind, metric, variant));
          CREATE TABLE scalars (
            series INTEGER NOT NULL,
            iter INTEGER NOT NULL,
            timestamp INTEGER NOT NULL,
            value REAL,
            PRIMARY KEY (series, iter)) WITHOUT ROWID;
          CREATE TABLE documents (
            series INTEGER NOT NULL,
            iter INTEGER NOT NULL,
            timestamp INTEGER NOT NULL,
            doc TEXT NOT NULL,
            PRIMARY KEY (series, iter));
          """)
    }
    migrator.registerMigration("2 log streams") { db in
      try db.execute(
        sql: """
          -- How far the log has each stream of output: what comes again, from a sender that missed an answer, is dropped.
          CREATE TABLE log_streams (
            task INTEGER NOT NULL,
            stream TEXT NOT NULL,
            end INTEGER NOT NULL,
            PRIMARY KEY (task, stream)) WITHOUT ROWID;
          """)
    }
    migrator.registerMigration("3 order of output") { db in
      try db.execute(
        sql: """
          -- The time of the last line that came from a stream. Later ones are later, whatever their sender's clock says.
          ALTER TABLE tasks ADD COLUMN last_output INTEGER NOT NULL DEFAULT 0;
          """)
    }
    migrator.registerMigration("4 history") { db in
      try db.execute(
        sql: """
          -- What workers reported in a slot of time: `slot` is its length, `start` its beginning, in seconds. By time, so
          -- that what is written at once lies together.
          CREATE TABLE worker_loads (
            slot INTEGER NOT NULL,
            start INTEGER NOT NULL,
            worker INTEGER NOT NULL,
            is_active INTEGER NOT NULL,
            readings BLOB NOT NULL,
            PRIMARY KEY (slot, start, worker)) WITHOUT ROWID;
          CREATE INDEX worker_loads_activity ON worker_loads (slot, start, worker, is_active);

          -- The moment of a slot when tasks had waited longest in a queue.
          CREATE TABLE queue_loads (
            slot INTEGER NOT NULL,
            start INTEGER NOT NULL,
            queue TEXT NOT NULL,
            wait REAL NOT NULL,
            length INTEGER NOT NULL,
            PRIMARY KEY (slot, start, queue)) WITHOUT ROWID;
          """)
    }
    migrator.registerMigration("5 counts of workers") { db in
      try db.execute(
        sql: """
          -- The most workers that were there at a moment of a slot, and the most that had a task.
          CREATE TABLE worker_counts (
            slot INTEGER NOT NULL,
            start INTEGER NOT NULL,
            total INTEGER NOT NULL,
            active INTEGER NOT NULL,
            PRIMARY KEY (slot, start)) WITHOUT ROWID;
          INSERT INTO worker_counts SELECT slot, start, count(*), sum(is_active) FROM worker_loads GROUP BY slot, start;
          DROP INDEX worker_loads_activity;
          ALTER TABLE worker_loads DROP COLUMN is_active;
          """)
    }
    return migrator
  }
}

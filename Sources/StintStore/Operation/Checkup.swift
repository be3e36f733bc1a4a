import GRDB
import StintModel
import StintWire

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A look at a data folder, whether or not a server works in it: what is there, and what is wrong.
package struct Checkup: Sendable {
  /// How bad a finding is.
  package enum Level: String, Sendable {
    case good
    /// Not as it should be, though nothing is lost.
    case warning
    case problem
  }

  /// What one check found.
  package struct Finding: Sendable, Hashable {
    /// What was looked at: `records`, `events`, `contents`, `retention`, `disk`, `permissions` or
    /// `server`.
    package let check: String
    package let level: Level
    /// What was found, and where it is wrong what to do.
    package let message: String
    /// Names of what the message is about, the first few.
    package let examples: [String]

    init(_ check: String, _ level: Level, _ message: String, examples: some Sequence<String> = []) {
      (self.check, self.level, self.message) = (check, level, message)
      self.examples = Array(examples.prefix(10))
    }
  }

  package private(set) var findings: [Finding] = []

  /// Whether there is no problem.
  package var isHealthy: Bool { !findings.contains { $0.level == .problem } }

  /// Looks at the folder. With `readsContents` all contents are read and compared with their hashes, which takes time.
  /// - Throws: `OperationError.noData` where the folder is no server's.
  package init(_ directory: String, readsContents: Bool = false, leastFreeMegabytes: Int = 200) throws {
    let folder = DataFolder(path: directory)
    guard access(folder.file(DataFolder.records), F_OK) == 0 else { throw OperationError.noData(directory: directory) }
    let isServed = Self.isServed(directory)
    findings.append(Finding("server", .good, isServed ? "a server is running on it" : "no server is running on it"))
    var records: DatabaseQueue?
    for database in DataFolder.databases {
      let queue = check(database, in: folder)
      if database.name == DataFolder.records.name { records = queue }
    }
    if let records {
      let contents = ContentCheck(folder: folder, isServed: isServed, readsContents: readsContents)
      do {
        findings += try contents.findings(records)
      } catch {
        findings.append(Finding("contents", .problem, "the list of files cannot be read: \(error)"))
      }
    }
    if let records { findings += Self.retention(records) }
    findings.append(Self.disk(directory, leastFreeMegabytes: leastFreeMegabytes))
    findings.append(try Self.permissions(folder))
  }

  /// Checks a database; returns it where it can be read.
  private mutating func check(_ database: DataFolder.DatabaseFile, in folder: DataFolder) -> DatabaseQueue? {
    let name = database.name.prefix { $0 != "." } == "stint" ? "records" : "events"
    func note(_ level: Level, _ message: String, examples: [String] = []) {
      findings.append(Finding(name, level, "\(database.name) \(message)", examples: examples))
    }
    do {
      let queue = try folder.open(database)
      let (errors, isNewer, isOlder, free) = try queue.read { db in
        (
          try String.fetchAll(db, sql: "PRAGMA integrity_check(100)").filter { $0 != "ok" },
          try database.migrator.hasBeenSuperseded(db), try !database.migrator.hasCompletedMigrations(db),
          try Int.fetchOne(db, sql: "SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size")
        )
      }
      if !errors.isEmpty { note(.problem, "is damaged: check the disk, then restore a backup", examples: errors) }
      if isNewer {
        note(.problem, "was written by a newer version of Stint, which this one cannot serve")
      } else if isOlder {
        note(.warning, "is of an older version of Stint: the next start brings it up to date")
      } else if errors.isEmpty {
        let size = megabytes(DiskSpace.size(of: folder.file(database)))
        note(.good, "is whole (\(size), of which \(megabytes(free ?? 0)) are free for what comes)")
      }
      return queue
    } catch {
      note(.problem, "cannot be read (\(error)): check the disk, then restore a backup")
      return nil
    }
  }

  /// Whether a server holds the folder's lock.
  private static func isServed(_ directory: String) -> Bool {
    let lock = open(directory + "/lock", O_RDONLY | O_CLOEXEC)
    guard lock >= 0 else { return false }
    defer { close(lock) }
    return flock(lock, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }

  /// What the server that ran last on the folder gives up, and when.
  private static func retention(_ records: DatabaseQueue) -> [Finding] {
    ["events", "artifacts"].compactMap { kind in
      guard
        let text = try? records.read({ db in
          try String.fetchOne(db, sql: "SELECT doc FROM settings WHERE id = ?", arguments: ["retention_\(kind)"])
        }), let told = try? JSON(parsing: Array(text.utf8))
      else { return nil }
      guard let days = told["days"]?.int else { return Finding("retention", .good, "\(kind) are kept for ever") }
      let deleted = told["deleted"]?.int ?? 0
      let last = told["finished"]?.string.map { ", looked through last at \($0)" } ?? ""
      return Finding(
        "retention", .good,
        "\(kind) go \(days) days after their task's last change (\(deleted) are gone\(last))")
    }
  }

  private static func disk(_ directory: String, leastFreeMegabytes: Int) -> Finding {
    guard let free = DiskSpace.free(at: directory) else {
      return Finding("disk", .warning, "the system does not tell how much room the disk has")
    }
    guard free >= leastFreeMegabytes << 20 else {
      return Finding(
        "disk", .problem,
        "only \(megabytes(free)) are free: under \(leastFreeMegabytes) MB new work is refused; make room")
    }
    return Finding("disk", .good, "\(megabytes(free)) are free")
  }

  /// Secrets and records must be their owner's alone, and the owner must be able to write them.
  private static func permissions(_ folder: DataFolder) throws -> Finding {
    var open: [String] = []
    var closed: [String] = []
    let databases = try folder.names().filter { $0.contains(".sqlite") }
    for name in databases + (try folder.keyFiles()) {
      var status = stat()
      guard stat("\(folder.path)/\(name)", &status) == 0 else { continue }
      if status.st_mode & 0o077 != 0 { open.append(name) }
      if access("\(folder.path)/\(name)", R_OK | W_OK) != 0 { closed.append(name) }
    }
    if !closed.isEmpty || access(folder.path, R_OK | W_OK | X_OK) != 0 {
      return Finding(
        "permissions", .problem, "this user may not read and write all of the folder: change its owner, or run as that",
        examples: closed)
    }
    guard open.isEmpty else {
      return Finding(
        "permissions", .problem, "other users may read files that hold secrets: chmod 600 them", examples: open)
    }
    return Finding("permissions", .good, "the files are their owner's alone")
  }
}

/// Bytes as people read them.
func megabytes(_ bytes: Int) -> String {
  let tenths = (bytes * 10 + (1 << 19)) >> 20
  return tenths < 1000 ? "\(tenths / 10).\(tenths % 10) MB" : "\(tenths / 10) MB"
}

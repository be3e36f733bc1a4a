import CSQLiteOptions
import GRDB
import Synchronization

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// One SQLite file with many readers and one writer. Writes that wait together share a transaction, so that one flush
/// of the disk makes all of them durable; each is in a savepoint of its own, so that one that throws is undone alone.
final class GroupedDatabase: Sendable {
  private struct Job: Sendable {
    /// Does the work and returns how to tell the caller, once the fate of the transaction is known.
    let run: @Sendable (Database) -> Finish
    /// Tells the caller that the work was not begun.
    let fail: @Sendable (any Error) -> Void
  }
  /// Takes the reason why the transaction failed, or nil when it is durable.
  private typealias Finish = @Sendable ((any Error)?) -> Void

  private struct Waiting {
    var jobs: [Job] = []
    var isDraining = false
    /// How many writes the last group had.
    var lastGroup = 0
  }

  /// The most writes in one transaction, which bounds how long the first of them waits.
  private static let largestGroup = 256

  /// How long a group waits for more, in microseconds.
  private static let patience: UInt32 = 1000

  /// Each write of a group is in a savepoint, whose pages would go to a file that is made and removed for each group.
  /// What only a very large write needs may go there.
  private static let keepsSavepointsInMemory: Bool = stint_keep_savepoints_in_memory(4 << 20) == 0

  private let pool: DatabasePool
  private let migrator: DatabaseMigrator
  private let waiting = Mutex(Waiting())

  /// Opens or creates the file, which is of no use before it is migrated.
  /// - Throws: `StoreError`, `newerSchema` among them.
  init(path: String, migrator: DatabaseMigrator) throws {
    self.migrator = migrator
    _ = Self.keepsSavepointsInMemory
    do {
      // SQLite gives its other files the permissions of this one.
      try makePrivateFile(path)
      pool = try DatabasePool(path: path, configuration: Self.configuration)
      // GRDB opens pools with synchronous=NORMAL, which may lose the last commits when power fails.
      try pool.writeWithoutTransaction { db in
        try db.execute(sql: "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000")
      }
      guard try !pool.read(migrator.hasBeenSuperseded) else { throw StoreError.newerSchema(file: path) }
    } catch {
      throw StoreError.translating(error)
    }
  }

  /// Brings the tables up to date.
  func migrate() throws {
    do { try migrator.migrate(pool) } catch { throw StoreError.translating(error) }
  }

  /// What every connection to one of our files needs, whoever opens it.
  static var configuration: Configuration {
    var configuration = Configuration()
    configuration.maximumReaderCount = 4
    configuration.busyMode = .timeout(10)
    configuration.prepareDatabase { db in
      db.add(function: .matches)
      db.add(collation: .numeric)
      try db.execute(sql: "PRAGMA cache_size = -16000; PRAGMA journal_size_limit = 67108864")
    }
    return configuration
  }

  func read<T: Sendable>(_ body: @escaping @Sendable (Database) throws -> T) async throws -> T {
    do { return try await pool.read(body) } catch { throw StoreError.translating(error) }
  }

  func write<T: Sendable>(_ body: @escaping @Sendable (Database) throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
      add(
        Job(
          run: { db in
            let result = Result { try Self.inSavepoint(db, body) }
            return { failure in
              continuation.resume(with: failure.map(Result.failure) ?? result.mapError(StoreError.translating))
            }
          },
          fail: { continuation.resume(throwing: $0) }))
    }
  }

  /// Waits for the writes that have begun, then closes. What comes later fails.
  func close() {
    // Without this the file alone would not be all of it.
    try? pool.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
    try? pool.close()
  }

  /// Runs `body`, and undoes what it wrote where it throws.
  static func inSavepoint<T>(_ db: Database, _ body: (Database) throws -> T) throws -> T {
    var value: T?
    try db.inSavepoint {
      value = try body(db)
      return .commit
    }
    guard let value else { throw DatabaseError(resultCode: .SQLITE_ABORT) }
    return value
  }

  private func add(_ job: Job) {
    let mustDrain = waiting.withLock { waiting in
      waiting.jobs.append(job)
      defer { waiting.isDraining = true }
      return !waiting.isDraining
    }
    if mustDrain { pool.asyncWriteWithoutTransaction { db in self.drain(db) } }
  }

  private func drain(_ db: Database) {
    while true {
      awaitCompany()
      let group = waiting.withLock { waiting in
        let group = Array(waiting.jobs.prefix(Self.largestGroup))
        waiting.jobs.removeFirst(group.count)
        waiting.lastGroup = group.count
        if group.isEmpty { waiting.isDraining = false }
        return group
      }
      if group.isEmpty { return }
      commit(group, db)
    }
  }

  /// Where several had come together, more are on their way: to wait a moment for them costs less than a transaction and
  /// a flush of the disk for each. Who writes alone never waits.
  private func awaitCompany() {
    let isAwaited = waiting.withLock { $0.lastGroup > 1 && $0.jobs.count < $0.lastGroup }
    if isAwaited { usleep(Self.patience) }
  }

  private func commit(_ group: [Job], _ db: Database) {
    var finishes: [Finish] = []
    do {
      try db.beginTransaction(.immediate)
      for job in group {
        finishes.append(job.run(db))
        // SQLite undoes the whole transaction when the disk is full or fails.
        guard db.isInsideTransaction else { throw DatabaseError(resultCode: .SQLITE_FULL) }
      }
      try db.commit()
      for finish in finishes { finish(nil) }
    } catch {
      if db.isInsideTransaction { try? db.rollback() }
      let failure = StoreError.translating(error)
      for finish in finishes { finish(failure) }
      for job in group.dropFirst(finishes.count) { job.fail(failure) }
    }
  }
}

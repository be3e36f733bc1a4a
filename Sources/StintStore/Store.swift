import GRDB

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Where the server keeps things: records in `stint.sqlite`, events in `events.sqlite`, contents in `files/`.
///
/// ```swift
/// let store = try Store(directory: "/var/lib/stint")
/// try await store.write { records in try records.put(.queues, ["id": "1", "name": "default"]) }
/// let queues = try await store.read { records in try records.find(.queues) }
/// ```
package final class Store: Sendable {
  /// The data folder.
  package let directory: String
  /// Log lines, scalars, plots and images that tasks reported.
  package let events: EventStore
  /// How loaded workers and queues were.
  package let history: History
  /// Uploaded files.
  package let files: FileStore
  private let records: GroupedDatabase
  private let lock: DirectoryLock

  /// Opens the folder, making it (mode 0700) or bringing it up to date where needed.
  /// - Throws: `StoreError`.
  package init(directory: String) throws {
    try makePrivateDirectory(directory)
    self.directory = directory
    lock = try DirectoryLock(directory: directory)
    let folder = DataFolder(path: directory)
    records = try folder.openToServe(DataFolder.records)
    events = EventStore(database: try folder.openToServe(DataFolder.events))
    history = History(database: events.database)
    // Both are known to be ours before one is changed.
    try records.migrate()
    try events.database.migrate()
    files = try FileStore(directory: directory + "/files", records: records)
  }

  /// Runs `body` on one snapshot of the records.
  package func read<T: Sendable>(_ body: @escaping @Sendable (Records) throws -> T) async throws -> T {
    try await records.read { db in try body(Records(db: db)) }
  }

  /// Runs `body` and returns when what it wrote is durable. Where `body` throws, what it wrote is undone.
  package func write<T: Sendable>(_ body: @escaping @Sendable (Records) throws -> T) async throws -> T {
    try await records.write { db in try body(Records(db: db)) }
  }

  /// Ends all access, after the writes that have begun. The store is of no use afterwards.
  package func close() {
    records.close()
    events.close()
    lock.release()
  }
}

/// Makes `path` and what is missing above it, closed to other users.
/// - Throws: `StoreError.folderUnusable`.
func makePrivateDirectory(_ path: String) throws(StoreError) {
  var parent = ""
  for component in path.split(separator: "/", omittingEmptySubsequences: true) {
    parent += (parent.isEmpty && !path.hasPrefix("/") ? "" : "/") + component
    if mkdir(parent, 0o700) != 0, errno != EEXIST, errno != EISDIR, access(parent, F_OK) != 0 {
      throw .folderUnusable(directory: path, reason: "\(parent): \(lastSystemError())")
    }
  }
  var status = stat()
  guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
    throw .folderUnusable(directory: path, reason: "it is not a folder")
  }
}

/// Makes sure that the file is there, and its owner's alone.
func makePrivateFile(_ path: String) throws(StoreError) {
  let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
  guard file >= 0 else { throw .folderUnusable(directory: path, reason: lastSystemError()) }
  fchmod(file, 0o600)
  close(file)
}

/// The sentence for `errno`.
func lastSystemError() -> String { String(cString: strerror(errno)) }

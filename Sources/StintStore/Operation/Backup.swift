import GRDB
import StintModel
import StintWire

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// One file that holds all of a data folder: `stint server` can go on working while it is written.
///
/// It is a tar archive: the contents, the two databases as they were at one moment each, keys and settings, and last a
/// manifest that says what must be there. It holds the server's secrets, and is its owner's alone.
package enum Backup {
  /// What a backup holds.
  package struct Summary: Sendable, Hashable {
    package internal(set) var contents = 0
    package internal(set) var bytes = 0
    /// Files whose content was not there, and which are left out.
    package internal(set) var missing: [String] = []
  }

  static let format = 1
  static let marker = "stint-backup"
  static let manifest = "manifest.json"

  /// Writes a backup of the data folder `directory` to `file`, which must not exist.
  package static func write(_ directory: String, to file: String, version: String) throws -> Summary {
    let folder = DataFolder(path: directory)
    guard access(folder.file(DataFolder.records), F_OK) == 0 else { throw OperationError.noData(directory: directory) }
    guard access(file, F_OK) != 0 else { throw OperationError.exists(path: file) }
    let partial = "\(file).\(randomIdentifier()).partial"
    let snapshots = DataFolder.databases.map { "\(partial).\($0.name)" }
    defer { for path in [partial] + snapshots { unlink(path) } }

    let output = try OpenFile(creating: partial)
    let archive = ArchiveWriter(output)
    var summary = Summary()
    try archive.add(marker, Array("format \(format)\n".utf8))
    for (database, snapshot) in zip(DataFolder.databases, snapshots) { try copy(folder, database, to: snapshot) }
    try addContents(of: folder, to: archive, snapshot: snapshots[0], &summary)

    var hashes: JSON = [:]
    for (database, snapshot) in zip(DataFolder.databases, snapshots) {
      hashes[database.name] = .string(try archive.add(database.name, from: OpenFile(reading: snapshot)))
    }
    for name in try folder.keyFiles() {
      hashes[name] = .string(try archive.add(name, from: OpenFile(reading: "\(directory)/\(name)")))
    }
    let manifest: JSON = [
      "format": .int(Int64(format)), "version": .string(version), "created": .string(Timestamp.now.text),
      "contents": .int(Int64(summary.contents)), "files": hashes,
    ]
    try archive.add(Self.manifest, manifest.bytes)
    try archive.finish()
    summary.bytes = try output.size()
    try rename(partial, to: file)
    return summary
  }

  /// Copies a database as it is at one moment, in one file.
  private static func copy(_ folder: DataFolder, _ database: DataFolder.DatabaseFile, to path: String) throws {
    // The file is made here so that nobody else can read it.
    _ = try OpenFile(creating: path)
    do {
      let source = try folder.open(database)
      let copy = try DatabaseQueue(path: path, configuration: GroupedDatabase.configuration)
      try source.backup(to: copy)
      // The copy comes with the original's write-ahead log switched on, which would be a second file.
      try copy.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA journal_mode = DELETE") }
      try copy.close()
      try source.close()
    } catch {
      throw StoreError.translating(error)
    }
  }

  /// Adds the contents that the records in `snapshot` name. Those that are gone leave the snapshot, too, and are told
  /// where nobody deleted them meanwhile.
  private static func addContents(
    of folder: DataFolder, to archive: ArchiveWriter, snapshot: String, _ summary: inout Summary
  ) throws {
    let live = try folder.open(DataFolder.records)
    let records = try DatabaseQueue(path: snapshot, configuration: GroupedDatabase.configuration)
    let hashes = try records.read { db in try String.fetchAll(db, sql: "SELECT DISTINCT hash FROM files ORDER BY hash")
    }
    for hash in hashes {
      let location = DataFolder.location(of: hash)
      if let content = try? OpenFile(reading: "\(folder.path)/\(location)") {
        try archive.add(location, from: content)
        summary.contents += 1
      } else {
        let gone = try records.write { db in
          try String.fetchAll(db, sql: "DELETE FROM files WHERE hash = ? RETURNING path", arguments: [hash])
        }
        let isKept = try live.read { db in
          try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM files WHERE hash = ?)", arguments: [hash]) ?? false
        }
        if isKept { summary.missing += gone }
      }
    }
    try records.close()
    try live.close()
  }
}

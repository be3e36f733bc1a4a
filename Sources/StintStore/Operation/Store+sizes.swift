import GRDB

/// How much a store keeps, and how much more it could.
package struct StoreSizes: Sendable, Hashable {
  /// Bytes of the databases on the disk.
  package let records: Int
  package let events: Int
  /// Uploaded files, and their bytes.
  package let files: Int
  package let fileBytes: Int
  /// Bytes that the disk has left, where the system tells.
  package let free: Int?
}

extension Records {
  /// How many tasks have each status. It reads an index of all of them.
  package func taskCounts() throws -> [String: Int] {
    let rows = try Row.fetchAll(db, sql: "SELECT status, count(*) FROM tasks GROUP BY status")
    return Dictionary(rows.map { ($0[0] as String? ?? "", $0[1] as Int) }, uniquingKeysWith: +)
  }
}

extension Store {
  /// How much is kept. It reads the list of all files.
  package func sizes() async throws -> StoreSizes {
    let folder = DataFolder(path: directory)
    func bytes(_ database: DataFolder.DatabaseFile) -> Int {
      DiskSpace.size(of: folder.file(database)) + DiskSpace.size(of: folder.file(database) + "-wal")
    }
    let (files, fileBytes) = try await read { records in
      let row = try Row.fetchOne(records.db, sql: "SELECT count(*), total(size) FROM files")
      return (row?[0] as Int? ?? 0, row?[1] as Int? ?? 0)
    }
    return StoreSizes(
      records: bytes(DataFolder.records), events: bytes(DataFolder.events), files: files, fileBytes: fileBytes,
      free: DiskSpace.free(at: directory))
  }
}

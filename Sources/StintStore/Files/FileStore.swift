import GRDB
import StintModel
import StintWire

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Uploaded files. A content is kept once, under its SHA-256, however many paths refer to it.
package final class FileStore: Sendable {
  private let directory: String
  private let records: GroupedDatabase

  init(directory: String, records: GroupedDatabase) throws(StoreError) {
    try makePrivateDirectory(directory)
    try makePrivateDirectory(directory + "/incoming")
    self.directory = directory
    self.records = records
    removeLeftovers()
  }

  /// Begins an upload: append its content, then finish it under a path.
  /// - Throws: `StoreError`.
  package func upload() throws(StoreError) -> FileUpload {
    try FileUpload(temporaryPath: directory + "/incoming/" + randomIdentifier(), store: self)
  }

  /// Keeps a whole content under a path, in place of what was there.
  package func put<Chunks: AsyncSequence>(
    path: String, type: String? = nil, chunks: Chunks
  ) async throws -> StoredFile where Chunks.Element: Sequence<UInt8> {
    _ = try FilePath.normalized(path)
    let upload = try upload()
    for try await chunk in chunks { try upload.append(chunk) }
    return try await upload.finish(path: path, type: type)
  }

  /// The file at a path, or nil.
  /// - Throws: `WireError.validation` for a path that cannot be.
  package func open(path: String) async throws -> StoredFile? {
    let path = try FilePath.normalized(path)
    return try await records.read { [self] db in
      let row = try Row.fetchOne(db, sql: "SELECT hash, size, type FROM files WHERE path = ?", arguments: [path])
      return row.map { row in
        StoredFile(path: path, hash: row[0], size: row[1], type: row[2], location: location(of: row[0]))
      }
    }
  }

  /// Deletes the file at a path, and its content where no other path has it. False where there is none.
  @discardableResult
  package func delete(path: String) async throws -> Bool {
    let path = try FilePath.normalized(path)
    return try await records.write { [self] db in
      let hashes = try String.fetchAll(
        db, sql: "DELETE FROM files WHERE path = ? RETURNING hash", arguments: [path])
      for hash in hashes { removeContentAfterCommit(hash, db) }
      return !hashes.isEmpty
    }
  }

  /// Moves a content that is on the disk to its place, and records it.
  func record(_ content: FileUpload.Content, path: String, type: String?) async throws -> StoredFile {
    try await records.write { [self] db in
      let old = try String.fetchOne(db, sql: "SELECT hash FROM files WHERE path = ?", arguments: [path])
      try db.execute(
        sql: "INSERT OR REPLACE INTO files (path, hash, size, type, created) VALUES (?, ?, ?, ?, ?)",
        arguments: [path, content.hash, content.size, type, Timestamp.now.text])
      // The move is made in the transaction, as is the removal of contents: neither can come between the other's steps.
      let location = location(of: content.hash)
      try moveDurably(content.temporaryPath, to: location)
      if let old, old != content.hash { removeContentAfterCommit(old, db) }
      return StoredFile(path: path, hash: content.hash, size: content.size, type: type, location: location)
    }
  }

  private func removeContentAfterCommit(_ hash: String, _ db: Database) {
    let location = location(of: hash)
    db.afterNextTransaction { db in
      let isNeeded = try? Bool.fetchOne(
        db, sql: "SELECT EXISTS (SELECT 1 FROM files WHERE hash = ?)", arguments: [hash])
      if isNeeded == false { unlink(location) }
    }
  }

  /// Two levels of folders, so that none grows beyond what a file system handles well.
  private func location(of hash: String) -> String {
    "\(directory)/\(hash.prefix(2))/\(hash.dropFirst(2).prefix(2))/\(hash)"
  }

  private func moveDurably(_ source: String, to target: String) throws {
    let folders = [1, 2, 3].map { target.split(separator: "/").dropLast($0).joined(separator: "/") }
    let root = target.hasPrefix("/") ? "/" : ""
    try makePrivateDirectory(root + folders[0])
    guard rename(source, target) == 0 else {
      throw StoreError.folderUnusable(directory: directory, reason: lastSystemError())
    }
    // A name is durable when its folder is, and that when the one above is.
    for folder in folders { syncDirectory(root + folder) }
  }

  /// Uploads that a stop of the server cut short.
  private func removeLeftovers() {
    guard let folder = opendir(directory + "/incoming") else { return }
    defer { closedir(folder) }
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { unlink("\(directory)/incoming/\(name)") }
    }
  }
}

/// Makes the names in a folder durable, where the file system can.
private func syncDirectory(_ path: String) {
  let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard descriptor >= 0 else { return }
  fsync(descriptor)
  close(descriptor)
}

/// A file that is kept.
package struct StoredFile: Sendable, Hashable {
  /// The path under which it was uploaded, normalised.
  package let path: String
  /// SHA-256 of the content, in hexadecimal.
  package let hash: String
  package let size: Int
  /// The media type, where the client told one.
  package let type: String?
  /// Where the content lies on the disk.
  package let location: String
}

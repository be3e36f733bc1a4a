import GRDB
import StintWire

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension Backup {
  private static let staging = "restoring"

  /// Puts what the backup `file` holds into the data folder `directory`, which must be empty or new. All of it is
  /// checked before the folder becomes a server's.
  package static func restore(_ file: String, to directory: String) throws -> Summary {
    let reader = ArchiveReader(try OpenFile(reading: file))
    guard let first = try reader.next(), first.name == marker, first.size < 100 else {
      throw OperationError.badBackup(path: file, reason: "it is no backup of stint server")
    }
    var format: [UInt8] = []
    _ = try reader.content(of: first) { (bytes) throws(OperationError) in format += bytes }
    guard String(decoding: format, as: UTF8.self) == "format \(Self.format)\n" else {
      throw OperationError.badBackup(path: file, reason: "a newer version of Stint wrote it: restore it with that")
    }

    try makePrivateDirectory(directory)
    let lock = try DirectoryLock(directory: directory)
    defer { lock.release() }
    let others = try DataFolder(path: directory).names().filter { !["lock", "lost+found", staging].contains($0) }
    guard others.isEmpty else { throw OperationError.folderNotEmpty(directory: directory) }
    let stage = "\(directory)/\(staging)"
    try? FileManager.default.removeItem(atPath: stage)
    defer { try? FileManager.default.removeItem(atPath: stage) }
    try makePrivateDirectory(stage)

    let summary = try unpack(reader, file: file, to: stage)
    for database in DataFolder.databases { try check(database, in: stage, file: file) }
    // The records come last: without them the folder is nobody's.
    let names = try DataFolder(path: stage).names().filter { $0 != DataFolder.records.name }
    for name in names + [DataFolder.records.name] { try rename("\(stage)/\(name)", to: "\(directory)/\(name)") }
    return summary
  }

  private static func unpack(_ reader: ArchiveReader, file: String, to stage: String) throws -> Summary {
    var summary = Summary()
    var hashes: [String: String] = [:]
    var manifest: [UInt8] = []
    while let entry = try reader.next() {
      summary.bytes += entry.size
      if entry.name == Self.manifest {
        guard entry.size < 1 << 20 else {
          throw OperationError.badBackup(path: file, reason: "its manifest is damaged")
        }
        _ = try reader.content(of: entry) { (bytes) throws(OperationError) in manifest += bytes }
        continue
      }
      let content = contentHash(entry.name)
      guard content != nil || DataFolder.isPlainName(entry.name) else {
        throw OperationError.badBackup(path: file, reason: "it holds \(entry.name), which no backup does")
      }
      let target = "\(stage)/\(entry.name)"
      if content != nil {
        try makePrivateDirectory(String(target.dropLast(entry.name.utf8.count - Self.folderLength)))
      }
      let output = try OpenFile(creating: target)
      let hash = try reader.content(of: entry, output.write)
      try output.sync()
      if let content {
        guard hash == content else {
          throw OperationError.badBackup(path: file, reason: "the content \(content) is damaged")
        }
        summary.contents += 1
      } else {
        hashes[entry.name] = hash
      }
    }
    guard let told = try? JSON(parsing: manifest), told["contents"]?.int == summary.contents,
      told["files"]?.object == hashes.mapValues(JSON.string)
    else { throw OperationError.badBackup(path: file, reason: "what it holds is not what its manifest says") }
    return summary
  }

  /// Bytes of `files/ab/cd`, the folder of a content.
  private static let folderLength = DataFolder.contents.utf8.count + "/ab/cd".utf8.count

  /// The hash in the name of a content, `files/ab/cd/abcd…`.
  private static func contentHash(_ name: String) -> String? {
    let hash = String(name.split(separator: "/").last ?? "")
    let isHash = hash.utf8.count == 64 && hash.utf8.allSatisfy { 48...57 ~= $0 || 97...102 ~= $0 }
    return isHash && name == DataFolder.location(of: hash) ? hash : nil
  }

  private static func check(_ database: DataFolder.DatabaseFile, in stage: String, file: String) throws {
    do {
      let queue = try DataFolder(path: stage).open(database)
      defer { try? queue.close() }
      if try queue.read(database.migrator.hasBeenSuperseded) {
        throw OperationError.badBackup(path: file, reason: "a newer version of Stint wrote it: restore it with that")
      }
    } catch let error as OperationError {
      throw error
    } catch {
      throw OperationError.badBackup(path: file, reason: "its \(database.name) cannot be opened: \(error)")
    }
  }
}

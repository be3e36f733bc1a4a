import GRDB

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The layout of a data folder.
struct DataFolder {
  /// A database of the folder: its file and what makes its tables.
  struct DatabaseFile {
    let name: String
    let migrator: DatabaseMigrator
  }

  static let records = DatabaseFile(name: "stint.sqlite", migrator: RecordSchema.migrator)
  static let events = DatabaseFile(name: "events.sqlite", migrator: EventSchema.migrator)
  static let databases = [records, events]
  static let contents = "files"

  let path: String

  /// The file of a database.
  func file(_ database: DatabaseFile) -> String { "\(path)/\(database.name)" }

  /// Opens a database for the one server that works in the folder.
  func openToServe(_ database: DatabaseFile) throws -> GroupedDatabase {
    try GroupedDatabase(path: file(database), migrator: database.migrator)
  }

  /// Opens a database to look at it, whether or not a server works in the folder.
  func open(_ database: DatabaseFile) throws -> DatabaseQueue {
    var configuration = GroupedDatabase.configuration
    configuration.readonly = true
    do {
      return try DatabaseQueue(path: file(database), configuration: configuration)
    } catch let error as DatabaseError {
      throw OperationError.cannotRead(path: file(database), reason: error.message ?? "SQLite error \(error.resultCode)")
    }
  }

  /// The small files beside the databases: keys, settings and the clients' configuration.
  func keyFiles() throws(OperationError) -> [String] {
    try names().filter { name in
      Self.isPlainName(name) && name != "lock" && name != Backup.manifest && !name.contains(".sqlite")
        && !name.hasSuffix(".new") && isSmallFile("\(path)/\(name)")
    }
  }

  /// Whether a name is of the kind that we give, and safe wherever a backup is restored.
  static func isPlainName(_ name: String) -> Bool {
    1...100 ~= name.utf8.count && !name.hasPrefix(".")
      && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
  }

  /// What lies in the folder.
  func names() throws(OperationError) -> [String] {
    do { return try FileManager.default.contentsOfDirectory(atPath: path).sorted() } catch {
      throw .cannotRead(path: path, reason: lastSystemError())
    }
  }

  /// Where a content lies, relative to the folder.
  static func location(of hash: String) -> String {
    "\(contents)/\(hash.prefix(2))/\(hash.dropFirst(2).prefix(2))/\(hash)"
  }

  private func isSmallFile(_ path: String) -> Bool {
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else { return false }
    return attributes[.type] as? FileAttributeType == .typeRegular && attributes[.size] as? Int ?? .max <= 1 << 20
  }
}

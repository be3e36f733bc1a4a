import GRDB
import StintWire

/// What can be wrong with the data folder.
package enum StoreError: Error, Hashable, CustomStringConvertible {
  /// Another server works in the folder.
  case folderInUse(directory: String)
  /// The folder cannot be made, opened or written.
  case folderUnusable(directory: String, reason: String)
  /// The folder was written by a newer version of this program.
  case newerSchema(file: String)
  /// No room was left; what was asked for has not been done.
  case diskFull
  /// The database is damaged or the disk failed.
  case damaged(reason: String)

  package var description: String {
    switch self {
    case .folderInUse(let directory):
      "the data folder \(directory) is in use by another server; stop that one or choose another folder"
    case .folderUnusable(let directory, let reason):
      "the data folder \(directory) cannot be used: \(reason); check that it may be written by this user"
    case .newerSchema(let file):
      "\(file) was written by a newer version of Stint, which this one cannot read; "
        + "install that version or choose another folder"
    case .diskFull:
      "the disk that holds the data folder is full; nothing was changed, make room and try again"
    case .damaged(let reason):
      "the data folder cannot be read or written: \(reason); check the disk, then restore a backup"
    }
  }

  /// What clients are told.
  package var wireError: WireError {
    switch self {
    case .diskFull: WireError(.lowDiskSpace, description)
    // What is wrong where is the administrator's business, and in the log.
    default: WireError(.internalError, "the data folder cannot be read or written: see the server's log")
    }
  }

  /// `error`, with SQLite's failures that are about the disk in our words.
  static func translating(_ error: any Error) -> any Error {
    guard let error = error as? DatabaseError else { return error }
    return switch error.resultCode {
    case .SQLITE_FULL: diskFull
    case .SQLITE_INTERRUPT: PatternSearch.tookTooLong
    case .SQLITE_IOERR, .SQLITE_CORRUPT, .SQLITE_NOTADB: damaged(reason: error.message ?? "unknown")
    default: error
    }
  }
}

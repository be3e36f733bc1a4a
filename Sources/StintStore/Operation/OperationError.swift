/// Why a backup, a restore or a look at the data folder did not come to its end.
package enum OperationError: Error, Hashable, CustomStringConvertible {
  case cannotRead(path: String, reason: String)
  case cannotWrite(path: String, reason: String)
  /// A file that would be overwritten.
  case exists(path: String)
  /// The folder to restore into holds something.
  case folderNotEmpty(directory: String)
  /// There is no data to back up.
  case noData(directory: String)
  /// The file is no backup, or not a whole one.
  case badBackup(path: String, reason: String)

  package var description: String {
    switch self {
    case .cannotRead(let path, let reason): "cannot read \(path) (\(reason)): check the path and who may read it"
    case .cannotWrite(let path, let reason):
      "cannot write \(path) (\(reason)): check that the folder exists, is yours, and that the disk has room"
    case .exists(let path): "\(path) exists already: a backup overwrites nothing; choose another name"
    case .folderNotEmpty(let directory):
      "\(directory) is not empty: a backup is restored into an empty or a new folder, which --data-dir names"
    case .noData(let directory):
      "\(directory) holds no data of a server (there is no stint.sqlite): name its folder with --data-dir"
    case .badBackup(let path, let reason): "\(path) cannot be restored: \(reason); nothing was changed"
    }
  }
}

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Room on the disk that holds a folder.
package enum DiskSpace {
  /// Bytes that this user can still write; nil where the system does not tell.
  package static func free(at path: String) -> Int? {
    var status = statvfs()
    guard statvfs(path, &status) == 0 else { return nil }
    return Int(clamping: UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize)).partialValue)
  }

  /// Bytes of the file at a path, 0 where there is none.
  package static func size(of path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }
}

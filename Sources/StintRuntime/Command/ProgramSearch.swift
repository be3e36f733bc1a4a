#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Finds programs the way a shell does.
enum ProgramSearch {
  static let defaultPath = "/usr/local/bin:/usr/bin:/bin"

  static func find(_ program: String, path: String?) -> String? {
    if program.contains("/") { return Files.isExecutableFile(program) ? program : nil }
    return candidates(program, path: path).first
  }

  /// Every program of that name, in the order of PATH.
  static func candidates(_ program: String, path: String?) -> [String] {
    (path ?? defaultPath).split(separator: ":").map { "\($0)/\(program)" }.filter(Files.isExecutableFile)
  }
}

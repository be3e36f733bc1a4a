import StintWire

/// The name of an uploaded file: members joined by `/`, without those that mean nothing.
enum FilePath {
  private static let longest = 4096

  /// `path` as it is kept: decoded, without a leading `/`, empty members and `.`.
  /// - Throws: `WireError.validation` where it leads out of its root, is empty, too long, or holds NUL.
  static func normalized(_ path: String) throws(WireError) -> String {
    let members = path.split(separator: "/").filter { $0 != "." }
    guard !members.isEmpty else { throw WireError(.validation, "the path of a file is empty") }
    guard path.utf8.count <= longest else {
      throw WireError(.validation, "the path of a file is longer than \(longest) bytes")
    }
    guard !members.contains(".."), !path.utf8.contains(0) else {
      throw WireError(.validation, "the path of a file may not contain '..' or NUL")
    }
    return members.joined(separator: "/")
  }
}

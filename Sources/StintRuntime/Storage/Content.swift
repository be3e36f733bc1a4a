/// What kind of thing a kept content is, which names its folder.
package enum ContentKind: String, Sendable, Codable, CaseIterable {
  case images, models, datasets
}

/// A content that is wanted, by the SHA-256 of its bytes.
package struct Content: Sendable, Hashable {
  package let kind: ContentKind
  /// 64 hexadecimal digits in lower case.
  package let hash: String
  /// What its file's name ends with, without a dot.
  let suffix: String?

  /// Nil where `hash` is none. The suffix is that of `name`, where it has one that can be a file's.
  package init?(kind: ContentKind, hash: String, name: String = "") {
    let hash = hash.lowercased()
    guard hash.utf8.count == 64, hash.utf8.allSatisfy({ Self.digits.contains($0) }) else { return nil }
    (self.kind, self.hash) = (kind, hash)
    let last = name.lastName
    let ending = last.lastIndex(of: ".").map { last[last.index(after: $0)...] } ?? ""
    let isPlain = 1...16 ~= ending.utf8.count && ending.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
    suffix = isPlain ? String(ending) : nil
  }

  private static let digits = Set("0123456789abcdef".utf8)

  /// Where its file is, below the folder of all contents: two levels, so that none grows beyond what file systems like.
  var path: String { "\(folder)/\(hash)\(suffix.map { ".\($0)" } ?? "")" }
  var folder: String { "\(kind.rawValue)/\(hash.prefix(2))/\(hash.dropFirst(2).prefix(3))" }
}

/// Why a content cannot be had.
package enum ContentError: Error, Equatable, CustomStringConvertible {
  /// What was fetched is something else.
  case otherContent(expected: String, found: String)

  package var description: String {
    switch self {
    case .otherContent(let expected, let found):
      "the content has the SHA-256 \(found), but \(expected) is expected: it was changed, or the hash is wrong"
    }
  }
}

/// What a repository's host wants to know before it hands out code.
package struct GitCredentials: Sendable, Equatable {
  /// The user name, or anything where the host looks at a token only.
  package var user: String
  /// The password or access token.
  package var password: String

  /// Credentials for the host of one repository.
  package init(user: String, password: String) {
    self.user = user
    self.password = password
  }
}

/// A state of a repository: the commit, or else the tag, or else the tip of the branch, or else of the default branch.
package struct GitSource: Sendable, Equatable {
  /// The repository's address, never with credentials in it.
  package let repository: String
  /// The branch; with a commit it only names what is checked out.
  package let branch: String?
  /// The tag.
  package let tag: String?
  /// The commit, as a hash that may be cut short.
  package let commit: String?
  /// Given, or taken out of the address.
  package let credentials: GitCredentials?
  /// Whether submodules are wanted, too.
  package let submodules: Bool

  /// Empty strings count as nil; credentials inside of the address are moved out of it.
  package init(
    repository: String, branch: String? = nil, tag: String? = nil, commit: String? = nil,
    credentials: GitCredentials? = nil, submodules: Bool = true
  ) {
    let address = Address(repository)
    self.repository = address.text
    self.branch = branch.flatMap(Self.branchName)
    self.tag = tag.flatMap { Self.name($0, without: "refs/tags/") }
    self.commit = commit.flatMap { Self.name($0, without: "") }
    self.credentials = address.credentials?.password.isEmpty == false ? address.credentials : credentials
    self.submodules = submodules
  }

  private static func name(_ text: String, without prefix: String) -> String? {
    let name = text.hasPrefix(prefix) ? text.dropFirst(prefix.count) : text[...]
    return name.isEmpty ? nil : String(name)
  }

  private static func branchName(_ text: String) -> String? {
    for prefix in ["refs/heads/", "refs/remotes/origin/", "remotes/origin/", "origin/"] where text.hasPrefix(prefix) {
      return name(text, without: prefix)
    }
    return name(text, without: "")
  }
}

extension GitSource {
  /// Whether it takes the network to get there.
  var isElsewhere: Bool {
    !["/", "./", "../", "file://"].contains(where: repository.hasPrefix)
  }

  /// Why git must not even see this source; nil if it may.
  var complaint: String? {
    if repository.isEmpty { return "the repository's address is empty" }
    for text in [repository, branch, tag, commit].compactMap({ $0 }) {
      if text.hasPrefix("-") { return "'\(text)' looks like an option" }
      if text.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) {
        return "'\(text.filter { $0 >= " " })' has control characters in it"
      }
    }
    for name in [branch, tag].compactMap({ $0 }) where !Self.isReferenceName(name) {
      return "'\(name)' is not a name that a branch or tag can have"
    }
    return nil
  }

  /// Git's own rules for the names of branches and tags.
  static func isReferenceName(_ name: String) -> Bool {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    let forbidden: Set<Character> = [" ", "~", "^", ":", "?", "*", "[", "\\"]
    return name != "@" && !name.contains("..") && !name.contains("@{") && !name.hasSuffix(".")
      && !name.contains(where: forbidden.contains)
      && parts.allSatisfy { !$0.isEmpty && !$0.hasPrefix(".") && !$0.hasSuffix(".lock") }
  }
}

/// An address without its credentials.
private struct Address {
  var text: String
  var credentials: GitCredentials?

  init(_ address: String) {
    text = address
    while text.count > 1, text.hasSuffix("/") { text.removeLast() }
    guard let scheme = ["https://", "http://"].first(where: text.hasPrefix) else { return }
    let rest = text.dropFirst(scheme.count)
    let authority = rest.prefix { $0 != "/" }
    guard let at = authority.lastIndex(of: "@") else { return }
    let user = authority[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    credentials = GitCredentials(
      user: Self.decoded(user.first ?? ""), password: user.count > 1 ? Self.decoded(user[1]) : "")
    text = scheme + rest[rest.index(after: at)...]
  }

  /// Without its percent escapes.
  private static func decoded(_ text: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), let escaped = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) {
        bytes.append(escaped)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

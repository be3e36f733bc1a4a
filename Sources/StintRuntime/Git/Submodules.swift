/// The repositories inside of a repository, each from a mirror of its own.
struct Submodules: Sendable {
  let folder: String
  let source: GitSource
  let git: GitCommand
  let context: GitMirror.Context

  private struct Module {
    var path = ""
    var address = ""
  }

  /// Puts all of them, and those inside of them, into their folders.
  func checkout() async throws {
    for module in try await modules() {
      guard let commit = try await commit(at: module.path) else { continue }
      let address = Self.resolved(module.address, against: source.repository)
      let isNearby = GitAddress(address)?.authority == GitAddress(source.repository)?.authority
      let inner = GitSource(repository: address, commit: commit, credentials: isNearby ? source.credentials : nil)
      if let complaint = inner.complaint { throw GitError.badSource(reason: complaint) }
      context.log("Fetching submodule \(module.path).")
      do {
        _ = try await GitMirror(source: inner, context: context).repairedCheckout(into: "\(folder)/\(module.path)")
      } catch let error as GitError {
        throw error.inSubmodule(module.path)
      }
    }
    try await git.run(in: folder, ["submodule", "--quiet", "init"])
  }

  /// What `.gitmodules` says.
  private func modules() async throws(CommandError) -> [Module] {
    let text: String
    do {
      text = try await git.run(
        in: folder,
        ["config", "--file", ".gitmodules", "--null", "--get-regexp", #"^submodule\..*\.(path|url)$"#]
      ).text
    } catch {
      // Git's code for "there is none".
      if case .failed(_, 1, _) = error { return [] }
      throw error
    }
    var modules: [Substring: Module] = [:]
    for entry in text.split(separator: "\0") {
      let parts = entry.split(separator: "\n", maxSplits: 1)
      guard parts.count == 2, let dot = parts[0].lastIndex(of: ".") else { continue }
      let (name, value) = (parts[0][..<dot], String(parts[1]))
      if parts[0].hasSuffix(".path") { modules[name, default: Module()].path = value }
      if parts[0].hasSuffix(".url") { modules[name, default: Module()].address = value }
    }
    return modules.values.filter { Self.isInside($0.path) && !$0.address.isEmpty }.sorted { $0.path < $1.path }
  }

  /// The commit that the outer one wants there; nil where it has no submodule at that path.
  private func commit(at path: String) async throws(CommandError) -> String? {
    let entry = try await git.run(in: folder, ["ls-tree", "HEAD", "--", path]).text.split(separator: "\t").first ?? ""
    let words = entry.split(separator: " ")
    return words.count == 3 && words[1] == "commit" ? String(words[2]) : nil
  }

  /// Whether a path leads to a folder of the repository.
  static func isInside(_ path: String) -> Bool {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    return !path.isEmpty && parts.allSatisfy { !["", ".", "..", ".git"].contains($0.lowercased()) }
  }

  /// An address that may begin at that of the outer repository, as `../other.git`.
  static func resolved(_ address: String, against outer: String) -> String {
    guard address.hasPrefix("./") || address.hasPrefix("../") else { return address }
    var base = outer[...]
    var rest = address[...]
    while true {
      if rest.hasPrefix("./") {
        rest = rest.dropFirst(2)
      } else if rest.hasPrefix("../") {
        rest = rest.dropFirst(3)
        // In `host:path` the path ends at the colon.
        guard let end = base.lastIndex(where: { $0 == "/" || $0 == ":" }) else { break }
        base = base[end] == ":" ? base[...end] : base[..<end]
      } else {
        break
      }
    }
    return base.hasSuffix(":") ? "\(base)\(rest)" : "\(base)/\(rest)"
  }
}

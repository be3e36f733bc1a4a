/// What was put into a task's folder.
package struct Checkout: Sendable, Equatable {
  /// The full hash.
  package let commit: String
  /// The branch that is checked out, if it has a name.
  package let branch: String?
}

/// Copies of repositories that all tasks of a machine share, so that a task's code comes from the disk next door.
package struct GitMirrors: Sendable {
  private let directory: String
  private let isOffline: Bool

  /// Mirrors in `directory`, which is made when it is needed. Several processes may share it. Where `isOffline`, they
  /// give what they have, and the network is left alone.
  package init(directory: String, isOffline: Bool = false) {
    (self.directory, self.isOffline) = (directory, isOffline)
  }

  /// Puts the tree of `source` into `folder` (which must be missing or empty) as a git repository of its own.
  ///
  /// Its `origin` is the true address. Nothing is fetched where the mirror has the commit already.
  package func checkout(
    _ source: GitSource, into folder: String, environment: [String: String],
    log: @escaping @Sendable (String) -> Void = { _ in }
  ) async throws(GitError) -> Checkout {
    if let complaint = source.complaint { throw .badSource(reason: complaint) }
    do {
      try Files.makeDirectory(directory)
      let mirror = GitMirror(
        source: source, directory: Files.realPath(directory) ?? directory,
        git: GitCommand(environment: environment, source: source, isOffline: isOffline),
        isOffline: isOffline, log: log)
      let existed = mirror.exists
      do {
        return try await mirror.checkout(into: folder)
      } catch {
        guard existed, GitError(error, folder: folder).mayBeBrokenMirror else { throw error }
        log("The mirror of \(source.repository) is damaged and is made again.")
        try await mirror.discard()
        Files.removeTree(folder)
        return try await mirror.checkout(into: folder)
      }
    } catch {
      throw GitError(error, folder: folder)
    }
  }

  /// Gives a checkout all that it borrows from its mirror, so that it lives on without it.
  package func makeIndependent(_ folder: String, environment: [String: String]) async throws(GitError) {
    do {
      try await GitCommand(environment: environment).run(in: folder, ["repack", "-a", "-d", "--quiet"])
    } catch {
      throw GitError(error, folder: folder)
    }
    Files.remove("\(folder)/.git/objects/info/alternates")
  }

  /// Applies a task's uncommitted changes to its folder.
  package func apply(
    diff: String, in folder: String, environment: [String: String]
  ) async throws(GitError) {
    guard diff.contains(where: { !$0.isWhitespace }) else { return }
    let text = diff.hasSuffix("\n") ? diff : diff + "\n"
    do {
      try await GitCommand(environment: environment).run(
        in: folder, ["apply", "--unidiff-zero", "--whitespace=nowarn", "-"], input: Array(text.utf8))
    } catch {
      guard case .failed(_, _, let lines) = error else { throw GitError(error, folder: folder) }
      throw .diffDoesNotApply(lastLines: lines)
    }
  }
}

/// What was put into a task's folder.
package struct Checkout: Sendable, Equatable {
  /// The full hash.
  package let commit: String
  /// The branch that is checked out, if it has a name.
  package let branch: String?
}

/// Copies of repositories that all tasks of a machine share, so that a task's code comes from the disk next door.
package struct GitMirrors: Sendable {
  let directory: String
  let isOffline: Bool
  let isShallow: Bool

  /// Mirrors in `directory`, which is made when it is needed. Several processes may share it. Where `isOffline`, they
  /// give what they have, and the network is left alone. New ones that are `isShallow` hold what tasks want and no
  /// history.
  package init(directory: String, isOffline: Bool = false, isShallow: Bool = false) {
    (self.directory, self.isOffline, self.isShallow) = (directory, isOffline, isShallow)
  }

  /// Puts the tree of `source` into `folder` (which must be missing or empty) as a git repository of its own.
  ///
  /// Its `origin` is the true address. Nothing is fetched where the mirror has the commit already.
  package func checkout(
    _ source: GitSource, access: GitAccess = GitAccess(), into folder: String, environment: [String: String],
    log: @escaping @Sendable (String) -> Void = { _ in }
  ) async throws(GitError) -> Checkout {
    if let complaint = source.complaint { throw .badSource(reason: complaint) }
    do {
      try Files.makeDirectory(directory)
      let context = GitMirror.Context(
        access: access, directory: Files.realPath(directory) ?? directory, environment: environment,
        isOffline: isOffline, isShallow: isShallow, log: log)
      return try await GitMirror(source: source, context: context).repairedCheckout(into: folder)
    } catch {
      throw GitError(error, folder: folder)
    }
  }

  /// Gives a checkout all that it borrows from its mirror, so that it lives on without it.
  package func makeIndependent(_ folder: String, environment: [String: String]) async throws(GitError) {
    let own = "git repack -a -d --quiet && rm -f .git/objects/info/alternates"
    do {
      let git = GitCommand(environment: environment)
      try await git.run(in: folder, ["submodule", "--quiet", "foreach", "--recursive", own])
      try await git.run(in: folder, ["repack", "-a", "-d", "--quiet"])
    } catch {
      throw GitError(error, folder: folder)
    }
    Files.remove("\(folder)/.git/objects/info/alternates")
  }

  /// Applies a task's uncommitted changes to its folder. Returns the binary files that the diff only names: they stay as
  /// they were committed.
  @discardableResult
  package func apply(
    diff: String, in folder: String, environment: [String: String]
  ) async throws(GitError) -> [String] {
    let (text, named) = GitDiff.withoutNamedBinaries(diff)
    guard text.contains(where: { !$0.isWhitespace }) else { return named }
    do {
      try await GitCommand(environment: environment).run(
        in: folder, ["apply", "--unidiff-zero", "--whitespace=nowarn", "-"], input: Array(text.utf8))
    } catch {
      guard case .failed(_, _, let lines) = error else { throw GitError(error, folder: folder) }
      throw .diffDoesNotApply(lastLines: lines)
    }
    return named
  }
}

extension GitMirrors {
  /// The folders of all mirrors.
  package func kept() -> [String] {
    Files.names(in: directory).map { "\(directory)/\($0)" }.filter { path in
      !path.lastName.contains(".lock") && !path.contains(".removed.") && Files.stamp(path)?.isDirectory == true
    }
  }

  /// Removes a mirror that nobody is working on; false where somebody is. Checkouts borrow from it: there must be none.
  package func remove(_ mirror: String) -> Bool {
    guard let lock = try? FileLock.attempt(mirror + ".lock", .exclusive) else { return false }
    Files.removeTree(mirror)
    lock.unlock()
    return true
  }
}

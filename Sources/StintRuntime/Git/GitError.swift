/// Why a task's code could not be made.
package enum GitError: Error, CustomStringConvertible {
  /// The address, branch, tag or commit cannot be one.
  case badSource(reason: String)
  /// The repository is not there, or not for these credentials.
  case repositoryUnavailable(repository: String, lastLines: [String])
  /// The repository is there, the commit, tag or branch is not.
  case revisionMissing(repository: String, what: String)
  /// This machine has no copy of it, and must not fetch one.
  case offline(repository: String, what: String)
  /// A submodule could not be fetched.
  case submodulesFailed(repository: String, lastLines: [String])
  /// Files of Git LFS could not be fetched.
  case largeFilesFailed(lastLines: [String])
  /// The uncommitted changes do not fit the commit.
  case diffDoesNotApply(lastLines: [String])
  /// Nothing more can be written.
  case diskFull(folder: String)
  /// Git itself failed in a way that has no name.
  case git(CommandError)
  /// The cache or the task's folder could not be read or written.
  case files(FileError)
  /// The code is no longer wanted.
  case cancelled

  package var description: String {
    switch self {
    case .badSource(let reason): "The task's repository settings make no sense: \(reason)."
    case .repositoryUnavailable(let repository, let lines):
      "The repository \(repository) cannot be read. \(Self.advice(lines))\(Self.quote(lines))"
    case .revisionMissing(let repository, let what):
      "The repository \(repository) has no \(what). Was it ever pushed? Push it (`git push`), then enqueue the task again."
    case .offline(let repository, let what):
      "In stand-alone mode nothing is fetched, and this machine has no \(what) of \(repository). Run the task once "
        + "without --standalone-mode."
    case .submodulesFailed(let repository, let lines):
      "A submodule of \(repository) cannot be fetched. Check its address and its credentials.\(Self.quote(lines))"
    case .largeFilesFailed(let lines):
      "Files that the repository keeps in Git LFS cannot be fetched. Check that the agent's credentials may read them."
        + Self.quote(lines)
    case .diffDoesNotApply(let lines):
      "The task's uncommitted changes do not apply to its commit. Commit and push them, or run the task from a clean "
        + "checkout of that commit.\(Self.quote(lines))"
    case .diskFull(let folder):
      "There is no space left on the disk of \(folder). Free some, then enqueue the task again."
    case .git(let error): error.description
    case .files(let error): "\(error). Check the folder's owner and free space."
    case .cancelled: "Preparing the code was cancelled."
    }
  }

  private static func advice(_ lines: [String]) -> String {
    let said = lines.joined(separator: "\n").lowercased()
    if [
      "could not read username", "could not read password", "authentication failed", "permission denied", "403", "401",
    ]
    .contains(where: said.contains) {
      return "It wants credentials: give the agent git_user and git_pass, or an SSH key that the host knows."
    }
    if ["could not resolve host", "timed out", "connection refused", "unable to connect"].contains(where: said.contains)
    {
      return "Its host does not answer: check the address, the network and the proxy of this machine."
    }
    return "Check that the address is right and that the agent's credentials may read it."
  }

  private static func quote(_ lines: [String]) -> String {
    lines.isEmpty ? "" : " Git said:\n" + lines.map { "  \($0)" }.joined(separator: "\n")
  }
}

extension GitError {
  init(_ error: any Error, folder: String) {
    switch error {
    case let error as GitError: self = error
    case let error as FileError where error.code == Self.noSpace: self = .diskFull(folder: folder)
    case let error as FileError: self = .files(error)
    case CommandError.cancelled, is CancellationError: self = .cancelled
    case let error as CommandError:
      let full = error.lastLines.contains { $0.contains("No space left on device") || $0.contains("disk full") }
      self = full ? .diskFull(folder: folder) : .git(error)
    default: self = .badSource(reason: "\(error)")
    }
  }

  /// Whether a mirror that is torn could be the reason, so that making it anew may help.
  var mayBeBrokenMirror: Bool {
    if case .git(.failed) = self { true } else { false }
  }

  /// The same, where what could not be had is only a part of the repository.
  func inSubmodule(_ path: String) -> GitError {
    switch self {
    case .repositoryUnavailable(let repository, let lines):
      .submodulesFailed(repository: "\(repository) (\(path))", lastLines: lines)
    default: self
    }
  }

  /// Whether git's words are about a connection that broke or was not to be had, which may be different in a moment.
  static func isAboutLink(_ lines: [String]) -> Bool {
    let said = lines.joined(separator: "\n").lowercased()
    return [
      "rpc failed", "early eof", "hung up", "disconnect", "connection reset", "connection refused", "timed out",
      "timeout", "transfer closed", "too slow", "could not resolve host", "temporary failure", "network is unreachable",
      "returned error: 50", "returned error: 429", "failure when receiving", "empty reply",
    ].contains(where: said.contains)
  }

  /// Whether git's words are about the other side rather than about our mirror.
  static func isAboutRemote(_ lines: [String]) -> Bool {
    let said = lines.joined(separator: "\n").lowercased()
    return isAboutLink(lines)
      || [
        "could not read from remote", "find remote ref", "unable to access", "not found", "does not exist",
        "authentication", "could not read",
        "could not resolve", "does not appear to be a git repository", "permission denied", "unable to connect",
        "host key verification failed", "transport", "remote: ", "connection",
      ].contains(where: said.contains)
  }

  private static var noSpace: Int32 { 28 }
}

/// Files that a repository keeps in Git LFS, of which a commit has only the names.
struct LargeFiles: Sendable {
  let folder: String
  /// Where they are kept for all tasks.
  let store: String
  let git: GitCommand
  let context: GitMirror.Context

  /// Puts them in place where this machine has git-lfs.
  func fetch() async throws {
    guard Files.readText(folder + "/.gitattributes")?.contains("filter=lfs") == true else { return }
    guard ProgramSearch.find("git-lfs", path: context.environment["PATH"]) != nil else {
      context.log(
        "This repository keeps files in Git LFS, and git-lfs is not installed here: tasks see their names only.")
      return
    }
    context.log("Fetching files of Git LFS.")
    do {
      try await git.run(in: folder, ["config", "lfs.storage", store])
      try await git.run(in: folder, ["lfs", "install", "--local", "--skip-repo"])
      try await git.run(in: folder, ["lfs", "pull"])
    } catch {
      guard case .failed(_, _, let lines) = error else { throw error }
      throw GitError.largeFilesFailed(lastLines: lines)
    }
  }
}

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Files that are kept by their content, each once, for all tasks that take them in.
///
///     let store = ContentStore(directory: home.storage, temporary: home.temporary)
///     try await store.place(content, at: folder + "/weights.pt") { part in try await download(into: part) }
///
/// Several processes may share it. Who wants a content that somebody else is fetching waits for that. A file has its name
/// here only when its bytes were seen to be right and are on the disk.
package struct ContentStore: Sendable {
  let directory: String
  let temporary: String

  /// Contents in `directory`; `temporary` is on the same disk.
  package init(directory: String, temporary: String) {
    (self.directory, self.temporary) = (directory, temporary)
  }

  /// Gives the content the name `target`, for reading. Where it is not here yet, `fetch` gets it, from where the part
  /// ends that an earlier attempt left. Returns how it came there.
  @discardableResult
  package func place(
    _ content: Content, at target: String, fetch: @Sendable (PartialFile) async throws -> Void
  ) async throws -> Placement {
    try Files.makeDirectory(temporary)
    let lock = try await FileLock.acquire("\(temporary)/\(content.hash).lock", .exclusive)
    defer {
      Files.remove(lock.path)
      lock.unlock()
    }
    let known = try await intactFile(content)
    let file: String
    if let known { file = known } else { file = try await fetched(content, fetch) }
    markUsed(file)
    try Files.makeDirectory(target.parentFolder)
    return Placement(isFetched: known == nil, way: try FileClone.make(of: file, at: target))
  }

  /// Whether the content is here.
  package func has(_ content: Content) -> Bool { file(content) != nil }

  /// The content's file, of whatever kind it was fetched as.
  private func file(_ content: Content) -> String? {
    let kinds = [content.kind] + ContentKind.allCases.filter { $0 != content.kind }
    for kind in kinds {
      guard let folder = Content(kind: kind, hash: content.hash)?.folder else { continue }
      let names = Files.names(in: "\(directory)/\(folder)")
      if let name = names.first(where: { $0.hasPrefix(content.hash) }) { return "\(directory)/\(folder)/\(name)" }
    }
    return nil
  }

  /// The content's file; nil where there is none that is as it was. Tasks get other names of the same file, and one that
  /// may do anything can write through them.
  private func intactFile(_ content: Content) async throws -> String? {
    guard let file = file(content) else { return nil }
    if Files.stamp(file)?.modifiedNanoseconds == KeptFile.mark { return file }
    if try await FileHash.sha256(of: file) == content.hash { return file }
    // Whoever has other names of it keeps them.
    Files.remove(file)
    return nil
  }

  private func fetched(
    _ content: Content, _ fetch: @Sendable (PartialFile) async throws -> Void
  ) async throws -> String {
    let part = PartialFile(path: "\(temporary)/\(content.hash).part")
    let isResumed = part.size > 0
    try await fetch(part)
    var found = try await FileHash.sha256(of: part.path)
    if found != content.hash, isResumed {
      // The first part may have been another content's.
      part.discard()
      try await fetch(part)
      found = try await FileHash.sha256(of: part.path)
    }
    guard found == content.hash else {
      part.discard()
      throw ContentError.otherContent(expected: content.hash, found: found)
    }
    let file = "\(directory)/\(content.path)"
    try Files.makeDirectory(file.parentFolder)
    try Files.setMode(0o400, of: part.path)
    markUsed(part.path)
    // A name must not outlive a loss of power that the bytes behind it do not.
    try Files.flush(part.path)
    try Files.move(part.path, to: file)
    return file
  }

  private func markUsed(_ file: String) {
    var times = [timespec(), timespec()]
    clock_gettime(CLOCK_REALTIME, &times[0])
    times[1].tv_sec = time_t(KeptFile.mark / 1_000_000_000)
    utimensat(AT_FDCWD, file, times, 0)
  }
}

/// How a content came to where it was wanted.
package struct Placement: Sendable, Equatable {
  /// Whether it had to be fetched.
  package let isFetched: Bool
  package let way: FileClone
}

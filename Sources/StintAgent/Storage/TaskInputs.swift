import Logging
import StintClient
import StintConfig
import StintRuntime
import StintWire

/// Puts what a task declared to need into its folder: fetched once, checked, and kept for the tasks after it.
struct TaskInputs: Sendable {
  let context: AgentContext
  let folder: JobFolder
  let log: TaskLog

  /// How long nothing at all may come before an input counts as missing.
  private static let patience = Duration.seconds(120)
  private static let atOnce = 4

  /// One file to be had.
  struct File: Sendable {
    var url: String
    var content: Content
    var path: String
    var isRequired: Bool
  }

  /// Where an address has been put.
  struct Placed: Sendable, Equatable {
    var url: String
    var path: String
  }

  /// Returns what was put where.
  /// - Throws: `InputError`, `TransferError`, `ContentError`, `FileError`, `ClientError`, `CancellationError`.
  func fetch(_ declared: [DeclaredInput]) async throws -> [Placed] {
    let files = try await resolve(declared)
    guard !files.isEmpty else { return [] }
    // From here on nobody clears them away.
    try folder.setInputs(files.map(\.content.hash))
    context.storage.makeRoom()
    return try await log.step("inputs", { Self.summary($0) }) {
      try await withThrowingTaskGroup(of: (Placed, Placement)?.self) { group in
        var (waiting, placed) = (files[...], [(Placed, Placement)]())
        for file in waiting.prefix(Self.atOnce) { group.addTask { try await place(file) } }
        waiting = waiting.dropFirst(Self.atOnce)
        while let done = try await group.next() {
          if let done { placed.append(done) }
          if let file = waiting.popFirst() { group.addTask { try await place(file) } }
        }
        return placed
      }
    }.map(\.0)
  }

  private func place(_ file: File) async throws -> (Placed, Placement)? {
    let target = "\(folder.inputs)/\(file.path)"
    do {
      return (Placed(url: file.url, path: target), try await place(file, at: target))
    } catch let error where !file.isRequired && !(error is CancellationError) && !(error is FileError) {
      log.say("[stint] The input model at \(file.url.withoutSecrets) is left to the task: \(error)")
      return nil
    }
  }

  /// What others have left goes where the disk has no room for it.
  private func place(_ file: File, at target: String) async throws -> Placement {
    while true {
      do {
        return try await context.setup.home.contents.place(file.content, at: target) {
          try await download(file.url, $0)
        }
      } catch {
        guard let full = error as? FileError, full.isDiskFull, context.storage.removeLeastUsed() else { throw error }
      }
    }
  }

  private func download(_ url: String, _ part: PartialFile) async throws {
    log.say("[stint] \(part.size > 0 ? "going on with" : "fetching") \(url.withoutSecrets)")
    if url.hasPrefix("file://") { return try part.copy(from: String(url.dropFirst("file://".count))) }
    if context.isOwnFile(url) {
      return try await context.client.download(url, isOurs: true, to: part, patience: Self.patience)
    }
    let client = try context.setup.client(for: url, logger: context.logger)
    let outcome: Result<Void, any Error>
    do {
      outcome = .success(try await client.download(url, isOurs: false, to: part, patience: Self.patience))
    } catch {
      outcome = .failure(error)
    }
    await client.shutdown()
    try outcome.get()
  }

  private func resolve(_ declared: [DeclaredInput]) async throws -> [File] {
    var files: [File] = []
    for input in declared {
      do {
        files += try await resolve(input)
      } catch let error as InputError where !input.isRequired {
        context.logger.debug("task \(folder.task): \(error)")
      }
    }
    var paths: Set<String> = []
    for file in files where !paths.insert(file.path).inserted { throw InputError.taken(path: file.path) }
    return files
  }

  private func resolve(_ input: DeclaredInput) async throws -> [File] {
    switch input.source {
    case .url(let url): return [try await file(url, input.hash, input, name: input.path ?? Self.name(of: url))]
    case .model(let id):
      guard let url = try await model(id)?["uri"]?.string, !url.isEmpty else { throw InputError.missing("model \(id)") }
      return [try await file(url, input.hash, input, name: input.path ?? "models/\(id)/\(Self.name(of: url))")]
    case .artifact(let task, let name):
      guard let found = try await artifacts(of: task).first(where: { $0.key == name }), let url = found.uri else {
        throw InputError.missing("artifact \(name) of task \(task)")
      }
      return [try await file(url, input.hash ?? found.hash, input, name: input.path ?? Self.name(of: url))]
    case .dataset(let id):
      // What the SDK packs a dataset into.
      let packs = try await artifacts(of: id).filter { $0.key == "data" || $0.key.hasPrefix("data_") }
      guard !packs.isEmpty else { throw InputError.missing("dataset \(id)") }
      var files: [File] = []
      for pack in packs {
        guard let url = pack.uri else { continue }
        files.append(
          try await file(url, pack.hash, input, name: "\(input.path ?? "datasets/\(id)")/\(Self.name(of: url))"))
      }
      return files
    }
  }

  private func file(_ url: String, _ hash: String?, _ input: DeclaredInput, name: String) async throws -> File {
    guard let path = InnerPath.normalized(name) else { throw InputError.badPath(name) }
    var known = hash.flatMap { $0.isEmpty ? nil : $0 }
    if known == nil, context.isOwnFile(url), let tag = await context.client.tag(of: url, isOurs: true),
      Content(kind: input.kind, hash: tag) != nil
    {
      // Our server's tag of a file is its SHA-256.
      known = tag
    }
    guard let known else { throw InputError.noHash(url) }
    guard let content = Content(kind: input.kind, hash: known, name: path) else { throw InputError.badHash(known) }
    return File(url: url, content: content, path: path, isRequired: input.isRequired)
  }

  private func model(_ id: String) async throws -> JSON? {
    do {
      return try await context.client.call(Models.GetByID.self, .init(model: id)).model
    } catch is WireError {
      return nil
    }
  }

  private func artifacts(of task: String) async throws -> [Artifact] {
    do {
      let record = try await context.client.call(Tasks.GetByID.self, .init(task: task)).task
      return try record?.decode(TaskRecord.self).execution?.artifacts ?? []
    } catch is WireError {
      return []
    }
  }

  /// The name at the end of an address.
  private static func name(of url: String) -> String {
    let path = url.prefix { $0 != "?" && $0 != "#" }
    let name = String(path).lastName
    return name.isEmpty ? "input" : name
  }

  private static func summary(_ placed: [(Placed, Placement)]) -> String {
    let fetched = placed.count { $0.1.isFetched }
    return "\(placed.count == 1 ? "1 file" : "\(placed.count) files"), \(fetched) fetched"
  }
}

extension PartialFile: DownloadTarget {}

extension AgentContext {
  /// The address of the server's files.
  var fileServer: String? { setup.settings.api.files ?? ServerGuess(setup.connection.server)?.files }

  /// Whether an address is of the server's files, which want to know who asks.
  func isOwnFile(_ url: String) -> Bool { fileServer.map { url.hasPrefix($0 + "/") } ?? false }
}

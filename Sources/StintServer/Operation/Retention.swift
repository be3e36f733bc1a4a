import Logging
import StintModel
import StintStore
import StintWire

/// Deletes the events and artifacts of tasks that ended long ago, a little at a time. Published tasks keep everything,
/// as do those with the tag `keep`; data sets keep their artifacts, which are what they consist of.
struct Retention: Sendable {
  private static let tasksAtOnce = 50
  private static let eventsAtOnce = 1000
  private static let filesAtOnce = 50

  let services: Services
  let settings: RetentionSettings

  /// Sweeps once an hour, until cancelled. A clock that was set is believed after a day, as it may be set back.
  func run() async throws {
    var clock = ClockWatch()
    while true {
      do {
        if clock.look() { services.logger.warning("the machine's clock was set: nothing is deleted for a day") }
        if clock.isTrusted(after: .seconds(86_400)) { try await sweep(now: .now) }
      } catch is CancellationError {
        throw CancellationError()
      } catch {
        services.logger.error("what is too old could not be deleted", metadata: ["error": "\(error)"])
      }
      try await Task.sleep(for: .seconds(3600))
    }
  }

  /// Deletes what is too old at a moment.
  func sweep(now: Timestamp) async throws {
    while case let deleted = try await unhurriedly({
      try await services.store.history.deleteSome(limit: Self.eventsAtOnce, now: now)
    }), deleted > 0 {}
    for kind in RetainedKind.allCases {
      var progress = try await self.progress(of: kind)
      progress.days = kind.days(settings)
      try await keep(progress, of: kind)
      guard let days = progress.days else { continue }
      try await sweep(kind, before: now.advanced(bySeconds: -days * 86_400), progress)
    }
  }

  private func sweep(_ kind: RetainedKind, before moment: Timestamp, _ start: RetentionProgress) async throws {
    var progress = start
    while true {
      let previous = progress.previous
      let ended = try await services.store.read { records in
        try records.endedTasks(behind: previous, before: moment, limit: Self.tasksAtOnce)
      }
      for task in ended {
        progress.deleted = (progress.deleted ?? 0) + (try await delete(kind, of: task))
        (progress.lastUpdate, progress.task) = (task.lastUpdate, task.id)
      }
      if ended.isEmpty { break }
      try await keep(progress, of: kind)
    }
    progress.finished = Timestamp.now.text
    try await keep(progress, of: kind)
  }

  private func delete(_ kind: RetainedKind, of task: EndedTask) async throws -> Int {
    guard try await isUnchanged(task, kind) else { return 0 }
    let files = try await deleteFiles(kind, of: task)
    guard kind == .events else { return files }
    var events = 0
    while try await isUnchanged(task, kind) {
      let deleted = try await unhurriedly {
        try await services.store.events.deleteSome(of: task.id, limit: Self.eventsAtOnce)
      }
      if deleted == 0 { break }
      events += deleted
      services.meters.add(deleted, to: .expiredEvents)
    }
    return events
  }

  /// Does a piece of work, then nothing for twice as long: those who report go first.
  private func unhurriedly<Result>(_ work: () async throws -> Result) async throws -> Result {
    let start = ContinuousClock.now
    let result = try await work()
    try await Task.sleep(for: start.duration(to: .now) * 2)
    return result
  }

  /// Whether the task is still as it was found, and nothing says that it is to be kept.
  private func isUnchanged(_ task: EndedTask, _ kind: RetainedKind) async throws -> Bool {
    guard let record = try await services.store.read({ try $0.get(.tasks, id: task.id) }) else { return false }
    let isDataset = record.texts("system_tags").contains(SystemTag.dataset)
    return record.text("last_update") == task.lastUpdate && record.status != .published
      && !record.texts("tags").contains("keep") && !(isDataset && kind == .artifacts)
  }

  private func deleteFiles(_ kind: RetainedKind, of task: EndedTask) async throws -> Int {
    var deleted = 0
    for folder in try await folders(of: task.id) {
      while case let paths = try await paths(under: "\(folder)\(kind.folder)/"), !paths.isEmpty {
        for path in paths {
          let isDeleted = try await unhurriedly { try await services.store.files.delete(path: path) }
          if isDeleted { deleted += 1 }
        }
        services.meters.add(paths.count, to: .expiredFiles)
      }
    }
    return deleted
  }

  private func paths(under folder: String) async throws -> [String] {
    try await services.store.read { try $0.filePaths(under: folder, limit: Self.filesAtOnce) }
  }

  /// Where the SDK has put a task's files: folders whose names end with its identifier, under the names that the project
  /// and the task had then.
  private func folders(of task: String) async throws -> Set<String> {
    let urls = try await services.fileURLs(of: task)
    let told = ["event_urls", "artifact_urls"].flatMap { urls[$0]?.array ?? [] }.compactMap(\.string)
    return Set(told.flatMap { Self.folders(of: task, inURL: $0) })
  }

  /// The folder that an address names, under the file server's own door and under the web door.
  static func folders(of task: String, inURL url: String) -> [String] {
    guard let scheme = url.firstRange(of: "://"), let slash = url[scheme.upperBound...].firstIndex(of: "/") else {
      return []
    }
    let path = String(url[url.index(after: slash)...]).removingPercentEncodingOrSelf
    guard let end = path.firstRange(of: ".\(task)/")?.upperBound else { return [] }
    let folder = String(path[..<end])
    return folder.hasPrefix("files/") ? [folder, String(folder.dropFirst("files/".count))] : [folder]
  }

  private func progress(of kind: RetainedKind) async throws -> RetentionProgress {
    let kept = try await services.store.read { try $0.get(.settings, id: RetentionProgress.id(kind)) }
    return try (kept ?? [:]).decode(RetentionProgress.self)
  }

  private func keep(_ progress: RetentionProgress, of kind: RetainedKind) async throws {
    var document = try JSON(encoding: progress)
    document["id"] = .string(RetentionProgress.id(kind))
    try await services.store.write { [document] in try $0.put(.settings, document) }
  }
}

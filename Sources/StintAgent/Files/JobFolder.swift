import StintModel
import StintRuntime
import StintWire

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The folder of one task's run: its code, its output, and what a later agent must know to go on with it.
struct JobFolder: Sendable {
  let path: String
  let task: String
  /// Held by the agent that looks after the run; beside the task's folder, because it is there before and after it.
  let lock: String
  /// The logs of earlier runs, which stay; nil where none are kept.
  let logs: String?

  var code: String { path + "/code" }
  /// The configuration that the task's own ClearML package reads.
  var configuration: String { path + "/clearml.conf" }
  /// What the job writes into its Python environment.
  var packages: String { path + "/packages" }
  /// The job's output, and the agent's own lines before and after it.
  var output: String { path + "/output.log" }
  /// What the task declared to need.
  var inputs: String { path + "/inputs" }
  /// What the task puts there is kept as its artifacts.
  var outputs: String { path + "/outputs" }

  private var shippedFile: String { path + "/shipped" }
  private var streamFile: String { path + "/stream" }
  private var recordFile: String { path + "/run.json" }
  private var inputsFile: String { path + "/inputs.json" }
  private var sentOutputsFile: String { path + "/outputs.json" }
  private var abortCommandFile: String { path + "/abort-command.json" }

  /// The folder for `task`; nil where the identifier could lead elsewhere. A run that an agent with another key, or of an
  /// earlier version, has left is met again, so that a task never runs twice on a machine.
  init?(task: String, of setup: AgentSetup) {
    guard let own = JobFolder(task: task, in: setup.home) else { return nil }
    let others = setup.caches.knownHomes.compactMap { JobFolder(task: task, in: $0) }
    let former = JobFolder(task: task, at: "\(setup.caches.formerJobs)/\(task)")
    self = ([own] + others + [former]).first { $0.hasRun } ?? own
  }

  /// The folder for `task` in one home.
  init?(task: String, in home: AgentHome) {
    guard Self.isPlain(task) else { return nil }
    let folder = "\(home.tasks)/\(task)"
    (self.task, path, lock, logs) = (task, folder + "/run", folder + ".owner", folder + "/logs")
  }

  /// A folder elsewhere, for a task that is prepared and not run.
  init(task: String, at path: String) { (self.task, self.path, lock, logs) = (task, path, path + ".owner", nil) }

  private static func isPlain(_ task: String) -> Bool {
    let hasPlainLetters = task.utf8.allSatisfy { byte in
      UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
        || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }
    return hasPlainLetters && !task.isEmpty && task.utf8.count <= 128
  }

  /// The folders of all tasks that agents of this machine have run.
  static func all(in caches: CacheFolders) -> [JobFolder] {
    let former = tasks(in: caches.formerJobs).map { JobFolder(task: $0, at: "\(caches.formerJobs)/\($0)") }
    return caches.knownHomes.flatMap { home in tasks(in: home.tasks).compactMap { JobFolder(task: $0, in: home) } }
      + former
  }

  private static func tasks(in folder: String) -> [String] {
    let names = Files.names(in: folder).map { $0.hasSuffix(".owner") ? String($0.dropLast(".owner".count)) : $0 }
    return Set(names.filter(isPlain)).sorted()
  }

  private var hasRun: Bool { Files.exists(path) }

  /// Makes the folder anew for a run that begins now. Nothing of an earlier one is left then, not even a process.
  func prepare(_ record: RunRecord) async throws(FileError) {
    await (try? Job.adopt(directory: path))?.clear()
    try Files.makeDirectory(path)
    try Files.write(randomIdentifier(), to: streamFile)
    try setRecord(record)
  }

  /// Deletes everything that the run left but logs. Its job must have ended.
  func remove() {
    Files.removeTree(path)
    if logs != nil { Files.removeEmptyFolder(path.parentFolder) }
  }

  /// Deletes what an agent that was killed had not finished making or deleting.
  static func removeRemains(in caches: CacheFolders) {
    for folder in all(in: caches) {
      let (place, name) = (folder.path.parentFolder, folder.path.lastName)
      for remains in Files.names(in: place) where remains.hasPrefix(name + ".removed.") {
        Files.remove("\(place)/\(remains)")
      }
      guard folder.record == nil, folder.hasRun || Files.exists(folder.lock),
        let lock = try? FileLock.attempt(folder.lock, .exclusive)
      else { continue }
      // Whoever had the lock may have written the record meanwhile.
      if folder.record == nil { folder.remove() }
      Files.remove(folder.lock)
      lock.unlock()
    }
  }

  /// How much of the output the server has.
  var shipped: Shipped {
    let words = (Files.readText(shippedFile) ?? "").split(separator: " ")
    return Shipped(
      count: words.first.flatMap { UInt64($0) } ?? 0, lastTime: words.dropFirst().first.flatMap { Int64($0) } ?? 0)
  }

  func setShipped(_ shipped: Shipped) throws(FileError) {
    try Files.write("\(shipped.count) \(shipped.lastTime)", to: shippedFile)
  }

  /// The name of this run's output, by which the server tells it from that of other runs of the task.
  var stream: String { Files.readText(streamFile) ?? "" }

  /// Who runs the task, and in what.
  var record: RunRecord? { decoded(recordFile) }

  func setRecord(_ record: RunRecord) throws(FileError) { try write(record, to: recordFile) }

  /// The contents that the run takes in, by their hashes: whoever cleans up leaves them.
  var contentsInUse: [String] { decoded(inputsFile) ?? [] }

  func setInputs(_ hashes: [String]) throws(FileError) { try write(hashes, to: inputsFile) }

  /// What of the outputs has been made artifacts, by name.
  var sentOutputs: [String: SentOutput] { decoded(sentOutputsFile) ?? [:] }

  func setSentOutputs(_ sent: [String: SentOutput]) throws(FileError) { try write(sent, to: sentOutputsFile) }

  /// What is run before the task is stopped.
  var abortCommand: AbortCommand? { decoded(abortCommandFile) }

  func setAbortCommand(_ command: AbortCommand?) throws(FileError) {
    if let command { try write(command, to: abortCommandFile) }
  }

  private func decoded<Value: Decodable>(_ file: String) -> Value? {
    guard let bytes = Files.read(file), let json = try? JSON(parsing: bytes) else { return nil }
    return try? json.decode(Value.self)
  }

  private func write(_ value: some Encodable, to file: String) throws(FileError) {
    guard let json = try? JSON(encoding: value) else { return }
    try Files.write(json.text, to: file)
  }

  /// Whether the output ends with this line: an earlier agent may have written it before it was killed.
  func endsWith(_ line: String) -> Bool {
    let tail = OutputTail(path: output)
    let (size, expected) = (tail.size(), Array("\(line)\n".utf8))
    guard size >= expected.count else { return false }
    return (try? tail.read(from: size - UInt64(expected.count), upTo: expected.count)) == expected
  }

  /// Writes a line of the agent into the task's output.
  func say(_ line: String) throws(FileError) {
    try Files.append("\(Files.endsInNewline(output) ? "" : "\n")\(line)\n", to: output)
  }
}

/// How much of a run's output is with the server.
struct Shipped: Sendable, Equatable {
  /// In bytes.
  var count: UInt64
  /// The time stamp of the last line, in milliseconds since 1970.
  var lastTime: Int64
}

/// What a later agent must know about a run.
struct RunRecord: Codable, Sendable, Equatable {
  var worker: String
  /// The address of the server that the task is of.
  var server: String
  var queue: String?
  /// The Python environment, which must stay as long as the job runs.
  var environment: String?
  /// What the server gave the agent.
  var lease: LeaseGrant?
  /// The token for the task's own calls.
  var token: String?
  /// Other secrets that the task was given.
  var secrets: [String]?
  /// When the job began.
  var jobStart: BootInstant?
}

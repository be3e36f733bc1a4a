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

  var code: String { path + "/code" }
  /// The configuration that the task's own ClearML package reads.
  var configuration: String { path + "/clearml.conf" }
  /// What the job writes into its Python environment.
  var packages: String { path + "/packages" }
  /// The job's output, and the agent's own lines before and after it.
  var output: String { path + "/output.log" }
  /// Held by the agent that looks after the run; beside the folder, because it is there before and after it.
  var lock: String { path + ".owner" }

  private var shippedFile: String { path + "/shipped" }
  private var streamFile: String { path + "/stream" }
  private var recordFile: String { path + "/run.json" }

  /// The folder for `task`; nil where the identifier could lead elsewhere.
  init?(task: String, in caches: CacheFolders) {
    let isPlain = task.utf8.allSatisfy { byte in
      UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
        || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }
    guard isPlain, !task.isEmpty, task.utf8.count <= 128 else { return nil }
    self.task = task
    path = "\(caches.jobs)/\(task)"
  }

  /// A folder elsewhere, for a task that is prepared and not run.
  init(task: String, at path: String) { (self.task, self.path) = (task, path) }

  /// Makes the folder anew for a run that begins now. Nothing of an earlier one is left then, not even a process.
  func prepare(_ record: RunRecord) async throws(FileError) {
    await (try? Job.adopt(directory: path))?.clear()
    try Files.makeDirectory(path)
    try Files.write(randomIdentifier(), to: streamFile)
    try setRecord(record)
  }

  /// Deletes everything that the run left. Its job must have ended.
  func remove() { Files.removeTree(path) }

  /// Deletes what an agent that was killed had not finished making or deleting.
  static func removeRemains(in caches: CacheFolders) {
    for name in Files.names(in: caches.jobs) {
      let path = "\(caches.jobs)/\(name)"
      if name.contains(".removed.") { Files.remove(path) }
      let task = name.hasSuffix(".owner") ? String(name.dropLast(".owner".count)) : name
      guard let folder = JobFolder(task: task, in: caches), folder.record == nil,
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
  var record: RunRecord? {
    guard let bytes = Files.read(recordFile), let json = try? JSON(parsing: bytes) else { return nil }
    return try? json.decode(RunRecord.self)
  }

  func setRecord(_ record: RunRecord) throws(FileError) {
    guard let json = try? JSON(encoding: record) else { return }
    try Files.write(json.text, to: recordFile)
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

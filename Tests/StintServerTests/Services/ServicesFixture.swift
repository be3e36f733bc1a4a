import Logging
import StintModel
import StintStore
import StintWire
import Testing

@testable import StintServer

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The services of a server, on a store of their own.
final class ServicesFixture: Sendable {
  let services: Services
  let caller = Identity(user: randomIdentifier(), userName: "golden user", company: Company.id, role: .admin)
  let api: API
  private let directory: URL

  init() async throws {
    directory = FileManager.default.temporaryDirectory.appending(path: "stint-services-\(randomIdentifier())")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    let store = try Store(directory: directory.path())
    services = Services(
      store: store, workers: WorkerRegistry(), queueSignal: Signal(), taskSignal: Signal(),
      tokens: await Tokens(secret: Array(repeating: 7, count: 64), build: "0"),
      vaultCipher: VaultCipher(key: Array(repeating: 9, count: 32)), version: "0",
      logger: Logger(label: "test"))
    api = services.api()
    let (user, now) = (caller.user, JSON.string(Timestamp.now.text))
    try await store.write { records in
      try records.put(
        .users,
        ["id": .string(user), "name": "golden user", "role": "admin", "company": .string(Company.id), "created": now])
      try records.put(
        .queues,
        [
          "id": .string(randomIdentifier()), "name": "default", "company": .string(Company.id), "created": now,
          "last_update": now, "tags": [], "system_tags": ["default"], "metadata": [:],
        ])
    }
  }

  deinit {
    services.store.close()
    try? FileManager.default.removeItem(at: directory)
  }

  /// Calls an endpoint as a client does.
  @discardableResult
  func call(_ endpoint: String, _ body: JSON = [:], as other: Identity? = nil) async throws -> JSON {
    try await api.answer(
      Call(
        endpoint: endpoint, version: .newest, identity: other ?? caller, body: body, workerHost: "host",
        address: "127.0.0.1"))
  }

  /// Makes a task.
  func newTask(_ name: String = "task", _ fields: JSON = [:]) async throws -> String {
    let answer = try await call("tasks.create", fields.merging(["name": .string(name), "type": "training"]))
    return try #require(answer["id"]?.string)
  }

  /// Makes a queue.
  func newQueue(_ name: String) async throws -> String {
    let answer = try await call("queues.create", ["name": .string(name)])
    return try #require(answer["id"]?.string)
  }

  /// The record of a task.
  func task(_ id: String) async throws -> JSON {
    try #require(try await call("tasks.get_by_id", ["task": .string(id)])["task"])
  }

  /// Puts a task into a queue.
  func enqueue(_ task: String, _ queue: String) async throws {
    try await call("tasks.enqueue", ["task": .string(task), "queue": .string(queue)])
  }

  /// Takes the next task of a queue.
  func next(_ queue: String, waiting milliseconds: Int? = nil) async throws -> String? {
    var request: JSON = ["queue": .string(queue)]
    request["wait_ms"] = milliseconds.map { .int(Int64($0)) }
    return try await call("queues.get_next_task", request)[path: ["entry", "task"]]?.string
  }

  /// Waits until somebody waits for this signal.
  func untilSomebodyWaits(for signal: Signal) async {
    while signal.waiting == 0 { await Task.yield() }
  }
}

/// Whether calling fails with this error of the protocol.
func fails(with kind: WireError.Kind, _ body: () async throws -> Void) async -> Bool {
  do {
    try await body()
    return false
  } catch {
    return WireError(describing: error)?.is(kind) ?? false
  }
}

import StintModel
import StintStore
import StintWire
import Synchronization

/// A registered puller, as the server knows it.
package struct Worker: Sendable {
  /// The task that it runs, as it was when the worker told of it.
  package struct Running: Sendable {
    let id: String
    let name: String
    /// The task's project, as an answer refers to it.
    let project: JSON?
    let lastIteration: Int
    let started: Timestamp?
  }

  let id: String
  let owner: Identity
  let address: String?
  let registered: Timestamp
  let timeout: Int
  var queues: [String]
  var tags: [String]
  var systemTags: [String]
  var task: Running?
  /// The queue that the task came from.
  var queue: String?
  var lastActivity: Timestamp
  /// The same on a clock that nobody sets.
  var lastSeen = ContinuousClock.now
  var lastReport: Timestamp?
  var machineStats: JSON?
  /// What its agent keeps on its disk.
  var storage: [StorageUsage]?
  /// The hours that its agent was started with, while it is out of them.
  var outOfHours: String?

  var key: String { "worker_\(owner.company)_\(owner.user)_\(id)" }

  var isAlive: Bool { lastSeen.duration(to: .now) <= .seconds(timeout) }
}

/// Which workers there are now, and which were lost: silent for too long, without a word of leave. They live in memory:
/// after a restart of the server their next report registers them anew.
package final class WorkerRegistry: Sendable {
  private let workers = Mutex<[String: Worker]>([:])

  package init() {}

  /// A worker tells that it is there.
  func register(
    _ id: String, owner: Identity, address: String?, timeout: Int, queues: [String], tags: [String],
    systemTags: [String]
  ) {
    let now = Timestamp.now
    let worker = Worker(
      id: id, owner: owner, address: address, registered: now, timeout: timeout, queues: queues, tags: tags,
      systemTags: systemTags, lastActivity: now)
    workers.withLock { $0[worker.key] = worker }
  }

  /// A worker tells that it leaves.
  func unregister(_ id: String, owner: Identity) {
    workers.withLock { workers in
      workers = workers.filter { !($0.value.id == id && $0.value.owner.user == owner.user) }
    }
  }

  /// A worker tells what it does; one that is unknown is registered.
  func report(
    _ request: Workers.StatusReport.Request, owner: Identity, address: String?, task: Worker.Running?
  ) throws {
    let stats = try request.machineStats.map { try JSON(encoding: $0) }
    let now = Timestamp.now
    workers.withLock { workers in
      let unknown = Worker(
        id: request.worker, owner: owner, address: address, registered: now, timeout: Self.defaultTimeout, queues: [],
        tags: [], systemTags: [], lastActivity: now)
      var worker = workers[unknown.key] ?? unknown
      (worker.task, worker.queue) = (task, task == nil ? nil : request.queue)
      (worker.lastActivity, worker.lastReport, worker.lastSeen) = (now, now, .now)
      if let queues = request.queues { worker.queues = queues }
      if let tags = request.tags { worker.tags = tags }
      if let systemTags = request.systemTags { worker.systemTags = systemTags }
      if let stats { worker.machineStats = stats }
      if let storage = request.storage { worker.storage = storage }
      worker.outOfHours = request.outOfHours
      workers[worker.key] = worker
    }
  }

  /// How long a silent worker counts as there, in seconds.
  static let defaultTimeout = 600

  /// How long a lost worker is remembered, in seconds: somebody should have seen by then that it is.
  private static let memoryOfLost = 86_400

  /// The workers that are alive, in the order of their names; with those that were lost, where they are wanted.
  func alive(orLost wantsLost: Bool = false) -> [Worker] {
    let now = ContinuousClock.now
    return workers.withLock { workers in
      workers = workers.filter { _, worker in
        worker.lastSeen.duration(to: now) <= .seconds(max(worker.timeout, Self.memoryOfLost))
      }
      return workers.values.filter { wantsLost || $0.isAlive }.sorted { ($0.id, $0.key) < ($1.id, $1.key) }
    }
  }

  /// How many workers there are that are heard of.
  func count() -> WorkerCount {
    let now = ContinuousClock.now
    var (total, active) = (0, 0)
    workers.withLock { workers in
      for worker in workers.values
      where worker.lastSeen.duration(to: now) <= .seconds(min(worker.timeout, Worker.longestSilence)) {
        total += 1
        if worker.task != nil { active += 1 }
      }
    }
    return WorkerCount(total: total, active: active)
  }

  /// Whether a worker takes tasks from this queue.
  func watches(_ queue: String) -> Bool { !workers(of: queue).isEmpty }

  /// The names of the workers that take tasks from a queue.
  func workers(of queue: String) -> [String] { alive().filter { $0.queues.contains(queue) }.map(\.id) }
}

/// What was told of some slots and is not written yet.
struct GatheredLoads: Sendable {
  /// The start of a slot, and whose load it was.
  struct Place: Sendable, Hashable {
    let start: Int
    let name: String
  }

  private(set) var workers: [Place: WorkerLoad] = [:]
  private(set) var queues: [Place: QueueLoad] = [:]

  mutating func add(_ load: WorkerLoad, ofWorker worker: String, in start: Int) {
    workers[Place(start: start, name: worker), default: WorkerLoad()].merge(load)
  }

  mutating func add(_ load: QueueLoad, ofQueue queue: String, in start: Int) {
    let place = Place(start: start, name: queue)
    queues[place] = load.orWorse(queues[place])
  }

  /// Takes up to `limit` loads out.
  mutating func take(_ limit: Int) -> GatheredLoads {
    var taken = GatheredLoads()
    taken.workers = workers.take(limit)
    taken.queues = queues.take(limit - taken.workers.count)
    return taken
  }
}

extension Dictionary {
  fileprivate mutating func take(_ limit: Int) -> Self {
    guard count > limit else {
      defer { self = [:] }
      return self
    }
    let taken = Self(uniqueKeysWithValues: prefix(limit).map { ($0.key, $0.value) })
    for key in taken.keys { self[key] = nil }
    return taken
  }
}

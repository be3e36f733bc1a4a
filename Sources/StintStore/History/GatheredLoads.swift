/// What was told of some slots of one level, and is not written yet.
struct GatheredLoads: Sendable {
  /// The start of a slot, and whose load it was.
  struct Place: Sendable, Hashable {
    let start: Int
    let name: String
  }

  private(set) var workers: [Place: WorkerLoad] = [:]
  private(set) var queues: [Place: QueueLoad] = [:]
  /// By the start of the slot.
  private(set) var counts: [Int: WorkerCount] = [:]

  var isEmpty: Bool { workers.isEmpty && queues.isEmpty && counts.isEmpty }

  mutating func add(_ load: WorkerLoad, ofWorker worker: String, in start: Int) {
    workers[Place(start: start, name: worker), default: WorkerLoad()].merge(load)
  }

  mutating func add(_ load: QueueLoad, ofQueue queue: String, in start: Int) {
    let place = Place(start: start, name: queue)
    queues[place] = load.orWorse(queues[place])
  }

  mutating func add(_ count: WorkerCount, in start: Int) {
    counts[start] = count.orMore(counts[start])
  }

  mutating func add(_ others: GatheredLoads) {
    for (place, load) in others.workers { add(load, ofWorker: place.name, in: place.start) }
    for (place, load) in others.queues { add(load, ofQueue: place.name, in: place.start) }
    for (start, count) in others.counts { add(count, in: start) }
  }

  /// Takes all counts and up to `limit` loads out.
  mutating func take(_ limit: Int) -> GatheredLoads {
    var taken = GatheredLoads()
    (taken.counts, counts) = (counts, [:])
    taken.workers = workers.take(limit)
    taken.queues = queues.take(limit - taken.workers.count)
    return taken
  }

  /// Forgets the oldest slots but the newest until there are no more than `limit` loads.
  mutating func forgetOldest(over limit: Int) {
    var starts = Set(workers.keys.map(\.start)).union(queues.keys.map(\.start)).sorted(by: >)
    while workers.count + queues.count > limit, starts.count > 1 {
      let oldest = starts.removeLast()
      workers = workers.filter { $0.key.start != oldest }
      queues = queues.filter { $0.key.start != oldest }
      counts[oldest] = nil
    }
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

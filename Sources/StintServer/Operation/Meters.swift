import Synchronization

/// Counts what the server does, for `/metrics`.
package final class Meters: Sendable {
  /// Something that only ever grows.
  enum Counter: String, CaseIterable, Sendable {
    case eventsAdded, eventsRefused, fileBytesReceived, fileBytesSent, expiredEvents, expiredFiles
  }

  /// One kind of request.
  struct Endpoint: Hashable, Sendable {
    let listener: Listener
    let name: String
  }

  /// How requests of one kind were answered.
  struct Served: Sendable {
    var statuses: [Int: Int] = [:]
    var durations = Histogram()
  }

  private struct State {
    var served: [Endpoint: Served] = [:]
    var counts: [Counter: Int] = [:]
  }

  private let state = Mutex(State())

  package init() {}

  /// Notes that a request was answered.
  func note(_ endpoint: Endpoint, status: Int, took duration: Duration) {
    state.withLock { state in
      state.served[endpoint, default: Served()].statuses[status, default: 0] += 1
      state.served[endpoint, default: Served()].durations.add(duration / .seconds(1))
    }
  }

  /// Adds to a counter.
  func add(_ amount: Int, to counter: Counter) {
    guard amount != 0 else { return }
    state.withLock { $0.counts[counter, default: 0] += amount }
  }

  func count(_ counter: Counter) -> Int { state.withLock { $0.counts[counter] ?? 0 } }

  /// What was served, in the order of the names.
  var served: [(endpoint: Endpoint, served: Served)] {
    state.withLock { state in
      state.served.sorted { ($0.key.listener.rawValue, $0.key.name) < ($1.key.listener.rawValue, $1.key.name) }
        .map { ($0.key, $0.value) }
    }
  }
}

/// How often a value was in which range.
struct Histogram: Sendable {
  /// Seconds, from a lookup to the longest of polls.
  static let bounds = [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10, 60]

  /// How many values were within each bound and over the one before; the last ones were over all bounds.
  private(set) var counts = [Int](repeating: 0, count: bounds.count + 1)
  private(set) var sum = 0.0

  mutating func add(_ value: Double) {
    counts[Self.bounds.firstIndex { value <= $0 } ?? Self.bounds.count] += 1
    sum += value
  }
}

import StintStore
import StintWire

/// What `/metrics` answers.
final class MetricsPage: Sendable {
  private let services: Services
  private let taskCounts: Remembered<[String: Int]>
  private let sizes: Remembered<StoreSizes>

  init(services: Services) {
    self.services = services
    let store = services.store
    taskCounts = Remembered { try await store.read { try $0.taskCounts() } }
    sizes = Remembered { try await store.sizes() }
  }

  func text() async throws -> String {
    var page = PrometheusText()
    page.family("stint_info", .gauge, "The version of the server.")
    page.sample("stint_info", [("version", services.version)], 1)
    addRequests(to: &page)
    addCounters(to: &page)
    try await addWork(to: &page)
    try await addSizes(to: &page)
    addProcess(to: &page)
    return page.text
  }

  private func addRequests(to page: inout PrometheusText) {
    let served = services.meters.served
    func labels(_ endpoint: Meters.Endpoint) -> [(name: String, value: String)] {
      [("listener", endpoint.listener.rawValue), ("endpoint", endpoint.name)]
    }
    page.family("stint_http_requests_total", .counter, "Answered requests by endpoint and HTTP status.")
    for (endpoint, served) in served {
      for (status, count) in served.statuses.sorted(by: { $0.key < $1.key }) {
        page.sample("stint_http_requests_total", labels(endpoint) + [("status", String(status))], count)
      }
    }
    page.family(
      "stint_http_request_duration_seconds", .histogram,
      "Time from a request's head to its answer, the wait of held calls included.")
    for (endpoint, served) in served {
      page.histogram("stint_http_request_duration_seconds", labels(endpoint), served.durations)
    }
    page.family("stint_held_calls", .gauge, "Calls that wait for something to happen.")
    page.sample("stint_held_calls", [("for", "queue")], services.queueSignal.waiting)
    page.sample("stint_held_calls", [("for", "task")], services.taskSignal.waiting)
  }

  private func addCounters(to page: inout PrometheusText) {
    for counter in Meters.Counter.allCases {
      page.single(counter.name, .counter, counter.help, Double(services.meters.count(counter)))
    }
  }

  private func addWork(to page: inout PrometheusText) async throws {
    let queues = try await services.store.read { records in
      try records.find(.queues).compactMap { queue -> (name: String, load: QueueLoad)? in
        guard let id = queue.text("id") else { return nil }
        return (queue.text("name") ?? id, try records.load(ofQueue: id))
      }
    }
    let tasks = try await taskCounts.value
    page.family("stint_tasks", .gauge, "Tasks by their status.")
    for (status, count) in tasks.sorted(by: { $0.key < $1.key }) {
      page.sample("stint_tasks", [("status", status)], count)
    }
    page.family("stint_queue_length", .gauge, "Tasks that wait in a queue.")
    for queue in queues { page.sample("stint_queue_length", [("queue", queue.name)], queue.load.length) }
    page.family("stint_queue_average_wait_seconds", .gauge, "How long the tasks of a queue have waited on average.")
    for queue in queues {
      page.sample("stint_queue_average_wait_seconds", [("queue", queue.name)], queue.load.averageWait)
    }
    let workers = services.workers.alive()
    let busy = workers.count { $0.task != nil }
    page.family("stint_workers", .gauge, "Registered workers by what they do.")
    page.sample("stint_workers", [("state", "busy")], busy)
    page.sample("stint_workers", [("state", "idle")], workers.count - busy)
    page.family("stint_cluster_limit", .gauge, "The most that a cluster behind workers can give at once.")
    for (cluster, limits) in services.clusters.alive() {
      for (resource, most) in [("cpus", limits.maxCpus), ("gpus", limits.maxGpus), ("workers", limits.maxWorkers)] {
        guard let most else { continue }
        page.sample("stint_cluster_limit", [("cluster", cluster), ("resource", resource)], most)
      }
    }
  }

  private func addSizes(to page: inout PrometheusText) async throws {
    let sizes = try await sizes.value
    page.family("stint_store_bytes", .gauge, "Bytes that are kept.")
    for (part, bytes) in [("records", sizes.records), ("events", sizes.events), ("files", sizes.fileBytes)] {
      page.sample("stint_store_bytes", [("part", part)], bytes)
    }
    page.single("stint_files", .gauge, "Uploaded files.", Double(sizes.files))
    if let free = sizes.free {
      page.single("stint_disk_free_bytes", .gauge, "Room on the disk of the data folder.", Double(free))
    }
  }

  private func addProcess(to page: inout PrometheusText) {
    let facts = ProcessFacts()
    if let bytes = facts.residentBytes {
      page.single("process_resident_memory_bytes", .gauge, "Resident memory.", Double(bytes))
    }
    if let seconds = facts.cpuSeconds {
      page.single("process_cpu_seconds_total", .counter, "Processor time used.", seconds)
    }
    if let files = facts.openFiles { page.single("process_open_fds", .gauge, "Open files.", Double(files)) }
    if let limit = facts.openFileLimit {
      page.single("process_max_fds", .gauge, "The most files that can be open.", Double(limit))
    }
  }
}

extension Meters.Counter {
  fileprivate var name: String {
    switch self {
    case .eventsAdded: "stint_events_added_total"
    case .eventsRefused: "stint_events_refused_total"
    case .fileBytesReceived: "stint_file_received_bytes_total"
    case .fileBytesSent: "stint_file_sent_bytes_total"
    case .expiredEvents: "stint_expired_events_total"
    case .expiredFiles: "stint_expired_files_total"
    }
  }

  fileprivate var help: String {
    switch self {
    case .eventsAdded: "Events that were stored: log lines, scalars, plots, images."
    case .eventsRefused: "Events that could not be stored."
    case .fileBytesReceived: "Bytes of uploaded files."
    case .fileBytesSent: "Bytes of downloaded files."
    case .expiredEvents: "Events that were deleted because their tasks ended long ago."
    case .expiredFiles: "Artifacts that were deleted because their tasks ended long ago."
    }
  }
}

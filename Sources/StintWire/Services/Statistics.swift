// What went on over time. Moments are seconds since 1970.

/// A span of time, cut into intervals.
package struct TimeSpan: Codable, Sendable {
  package var fromDate: Double
  package var toDate: Double
  package var interval: Int
}

extension Queues {
  /// `queues.get_queue_metrics`
  package enum GetQueueMetrics: Endpoint {
    package static let name = "queues.get_queue_metrics"

    package struct Request: Codable, Sendable {
      package var fromDate: Double
      package var toDate: Double
      package var interval: Int
      /// Without any, one answer for the average of all queues.
      package var queueIds: [String]?
      /// Ignored: every answer is fresh.
      package var refresh: Bool?
    }

    package struct Response: Codable, Sendable {
      package var queues: [Metrics]

      package init(queues: [Metrics]) { self.queues = queues }
    }

    /// A queue over time: at each of `dates`, when waiting was longest in that interval.
    package struct Metrics: Codable, Sendable {
      package var queue: String?
      package var dates: [Int]
      package var avgWaitingTimes: [Double]
      package var queueLengths: [Int]

      package init(queue: String?, dates: [Int], avgWaitingTimes: [Double], queueLengths: [Int]) {
        (self.queue, self.dates) = (queue, dates)
        (self.avgWaitingTimes, self.queueLengths) = (avgWaitingTimes, queueLengths)
      }
    }
  }
}

extension Workers {
  /// `workers.get_activity_report`: how many workers there were, and how many had a task.
  package enum GetActivityReport: Endpoint {
    package static let name = "workers.get_activity_report"
    package typealias Request = TimeSpan

    package struct Response: Codable, Sendable {
      package var total: Series
      package var active: Series

      package init(total: Series, active: Series) { (self.total, self.active) = (total, active) }
    }

    /// Counts over time.
    package struct Series: Codable, Sendable {
      package var dates: [Int]
      package var counts: [Int]

      package init(dates: [Int], counts: [Int]) { (self.dates, self.counts) = (dates, counts) }
    }
  }

  /// `workers.get_metric_keys`
  package enum GetMetricKeys: Endpoint {
    package static let name = "workers.get_metric_keys"

    package struct Request: Codable, Sendable {
      package var workerIds: [String]?
    }

    package struct Response: Codable, Sendable {
      package var categories: [Category]

      package init(categories: [Category]) { self.categories = categories }
    }

    /// Statistics of one part of a machine.
    package struct Category: Codable, Sendable {
      package var name: String
      package var metricKeys: [String]

      package init(name: String, metricKeys: [String]) { (self.name, self.metricKeys) = (name, metricKeys) }
    }
  }

  /// `workers.get_stats`
  package enum GetStats: Endpoint {
    package static let name = "workers.get_stats"

    package struct Request: Codable, Sendable {
      package var workerIds: [String]?
      package var fromDate: Double
      package var toDate: Double
      package var interval: Int
      package var items: [Item]
      /// One answer for each core, GPU and so on.
      package var splitByVariant: Bool?
      /// In one answer, a series for each core, GPU and so on.
      package var splitByResource: Bool?
    }

    package struct Response: Codable, Sendable {
      package var workers: [WorkerStats]

      package init(workers: [WorkerStats]) { self.workers = workers }
    }

    /// What to tell of a statistic.
    package struct Item: Codable, Sendable {
      package var key: Statistic
      package var category: Aggregation?
    }

    /// What reports tell of a machine: the fields of `MachineStats`.
    package enum Statistic: String, Codable, Sendable, CaseIterable {
      case cpuUsage = "cpu_usage"
      case cpuTemperature = "cpu_temperature"
      case memoryUsed = "memory_used"
      case memoryFree = "memory_free"
      case gpuUsage = "gpu_usage"
      case gpuTemperature = "gpu_temperature"
      case gpuFraction = "gpu_fraction"
      case gpuMemoryFree = "gpu_memory_free"
      case gpuMemoryUsed = "gpu_memory_used"
      case networkTx = "network_tx"
      case networkRx = "network_rx"
      case diskFreeHome = "disk_free_home"
      case diskFreeTemp = "disk_free_temp"
      case diskRead = "disk_read"
      case diskWrite = "disk_write"
    }

    /// How the values of an interval become one.
    package enum Aggregation: String, Codable, Sendable, CaseIterable {
      case avg, min, max
    }

    /// The statistics of one worker.
    package struct WorkerStats: Codable, Sendable {
      package var worker: String
      package var metrics: [Metric]

      package init(worker: String, metrics: [Metric]) { (self.worker, self.metrics) = (worker, metrics) }
    }

    /// One statistic of a worker.
    package struct Metric: Codable, Sendable {
      package var metric: String
      package var variant: String?
      package var stats: [Series]

      package init(metric: String, variant: String?, stats: [Series]) {
        (self.metric, self.variant, self.stats) = (metric, variant, stats)
      }
    }

    /// One statistic over time.
    package struct Series: Codable, Sendable {
      package var aggregation: Aggregation
      package var dates: [Int]
      package var values: [Double]
      package var resourceSeries: [ResourceSeries]?

      package init(
        aggregation: Aggregation, dates: [Int], values: [Double], resourceSeries: [ResourceSeries]? = nil
      ) {
        (self.aggregation, self.dates, self.values) = (aggregation, dates, values)
        self.resourceSeries = resourceSeries
      }
    }

    /// One core's or GPU's part; null where an interval has no value of it.
    package struct ResourceSeries: Codable, Sendable {
      package var name: String
      package var values: [Double?]

      package init(name: String, values: [Double?]) { (self.name, self.values) = (name, values) }
    }
  }

  /// `workers.set_runtime_properties`: absent from the stock server.
  package enum SetRuntimeProperties: Endpoint {
    package static let name = "workers.set_runtime_properties"

    package struct Request: Codable, Sendable {
      package var worker: String
      package var runtimeProperties: [Property]
    }
    package typealias Response = UpdatedCount

    /// One property. It is forgotten after `expiry` seconds, at once for 0, and never without one.
    package struct Property: Codable, Sendable {
      package var key: String
      package var value: String?
      package var expiry: Int?
    }
  }
}

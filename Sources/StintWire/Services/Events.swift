/// What running tasks report.
package enum Events {
  /// `events.add`: the body is the event.
  package enum Add: Endpoint {
    package static let name = "events.add"
    package typealias Request = JSON
    package typealias Response = Nothing
  }

  /// `events.get_task_log`
  package enum GetTaskLog: Endpoint {
    package static let name = "events.get_task_log"

    package struct Request: Codable, Sendable {
      package var task: String
      package var batchSize: Int?
      package var navigateEarlier: Bool?
      package var fromTimestamp: Double?
      package var order: String?
      /// Beyond the protocol: the events from this place of the log on, the first one's being 0. Each tells its `line`.
      package var fromIndex: Int?
      /// With `fromIndex`: how long the server may hold the call open while there is no such event, in milliseconds.
      package var waitMs: Int?

      package init(
        task: String, batchSize: Int? = nil, navigateEarlier: Bool? = nil, fromTimestamp: Double? = nil,
        order: String? = nil, fromIndex: Int? = nil, waitMs: Int? = nil
      ) {
        (self.task, self.batchSize, self.navigateEarlier) = (task, batchSize, navigateEarlier)
        (self.fromTimestamp, self.order) = (fromTimestamp, order)
        (self.fromIndex, self.waitMs) = (fromIndex, waitMs)
      }
    }

    package struct Response: Codable, Sendable {
      package var events: [JSON]?
      package var returned: Int?
      package var total: Double?

      package init(events: [JSON]? = nil, returned: Int? = nil, total: Double? = nil) {
        (self.events, self.returned, self.total) = (events, returned, total)
      }
    }
  }

  /// `events.search_task_log`: beyond the protocol. Where a log has a text, in any case, colours left aside.
  package enum SearchTaskLog: Endpoint {
    package static let name = "events.search_task_log"

    package struct Request: Codable, Sendable {
      package var task: String
      package var text: String
    }

    package struct Response: Codable, Sendable {
      /// The places of the events that have the text, as `events.get_task_log` counts them with `from_index`.
      package var indexes: [Int]
      /// In how many lines of each.
      package var counts: [Int]
      /// Whether there are more.
      package var isCut: Bool

      package init(indexes: [Int], counts: [Int], isCut: Bool) {
        (self.indexes, self.counts, self.isCut) = (indexes, counts, isCut)
      }
    }
  }

  /// `events.get_task_events`
  package enum GetTaskEvents: Endpoint {
    package static let name = "events.get_task_events"

    package struct Request: Codable, Sendable {
      package var task: String
      package var order: String?
      package var scrollId: String?
      package var batchSize: Int?
      package var eventType: String?
      package var modelEvents: Bool?
      package var metrics: [MetricVariants]?

      package init(
        task: String, order: String? = nil, scrollId: String? = nil, batchSize: Int? = nil,
        eventType: String? = nil, modelEvents: Bool? = nil, metrics: [MetricVariants]? = nil
      ) {
        (self.task, self.order, self.scrollId) = (task, order, scrollId)
        (self.batchSize, self.eventType, self.modelEvents) = (batchSize, eventType, modelEvents)
        self.metrics = metrics
      }
    }

    package struct Response: Codable, Sendable {
      package var events: [JSON]?
      package var returned: Int?
      package var total: Double?
      package var scrollId: String?

      package init(events: [JSON]? = nil, returned: Int? = nil, total: Double? = nil, scrollId: String? = nil) {
        (self.events, self.returned, self.total) = (events, returned, total)
        self.scrollId = scrollId
      }
    }
  }

  /// `events.get_task_plots`
  package enum GetTaskPlots: Endpoint {
    package static let name = "events.get_task_plots"

    package struct Request: Codable, Sendable {
      package var task: String
      package var iters: Int?
      package var scrollId: String?
      package var metrics: [MetricVariants]?
      package var noScroll: Bool?
      package var modelEvents: Bool?

      package init(
        task: String, iters: Int? = nil, scrollId: String? = nil, metrics: [MetricVariants]? = nil,
        noScroll: Bool? = nil, modelEvents: Bool? = nil
      ) {
        (self.task, self.iters, self.scrollId) = (task, iters, scrollId)
        (self.metrics, self.noScroll, self.modelEvents) = (metrics, noScroll, modelEvents)
      }
    }

    package struct Response: Codable, Sendable {
      package var plots: [JSON]?
      package var returned: Int?
      package var total: Double?
      package var scrollId: String?

      package init(plots: [JSON]? = nil, returned: Int? = nil, total: Double? = nil, scrollId: String? = nil) {
        (self.plots, self.returned, self.total) = (plots, returned, total)
        self.scrollId = scrollId
      }
    }
  }

  /// `events.scalar_metrics_iter_histogram`
  package enum ScalarMetricsIterHistogram: Endpoint {
    package static let name = "events.scalar_metrics_iter_histogram"

    package struct Request: Codable, Sendable {
      package var task: String
      package var samples: Int?
      package var key: String?
      package var metrics: [MetricVariants]?
      package var modelEvents: Bool?
      /// Beyond the protocol: the points between these two places on the axis only. Times are in milliseconds.
      package var range: [Double]?
      /// Beyond the protocol: the lowest and the highest points of each stretch, so that no spike is lost.
      package var extremes: Bool?

      package init(
        task: String, samples: Int? = nil, key: String? = nil, metrics: [MetricVariants]? = nil,
        modelEvents: Bool? = nil, range: [Double]? = nil, extremes: Bool? = nil
      ) {
        (self.task, self.samples, self.key) = (task, samples, key)
        (self.metrics, self.modelEvents, self.range) = (metrics, modelEvents, range)
        self.extremes = extremes
      }
    }

    /// `{metric: {variant: {"name", "x": […], "y": […]}}}`
    package typealias Response = JSON
  }

  /// `events.get_task_single_value_metrics`
  package enum GetTaskSingleValueMetrics: Endpoint {
    package static let name = "events.get_task_single_value_metrics"

    package struct Request: Codable, Sendable {
      package var tasks: [String]
      package var modelEvents: Bool?
      package var metrics: [MetricVariants]?

      package init(tasks: [String], modelEvents: Bool? = nil, metrics: [MetricVariants]? = nil) {
        (self.tasks, self.modelEvents, self.metrics) = (tasks, modelEvents, metrics)
      }
    }
    package typealias Response = JSON
  }

  /// `events.debug_images`
  package enum DebugImages: Endpoint {
    package static let name = "events.debug_images"

    package struct Request: Codable, Sendable {
      package var metrics: [TaskMetricVariants]
      package var iters: Int?
      package var navigateEarlier: Bool?
      package var refresh: Bool?
      package var scrollId: String?
      package var modelEvents: Bool?

      package init(
        metrics: [TaskMetricVariants], iters: Int? = nil, navigateEarlier: Bool? = nil, refresh: Bool? = nil,
        scrollId: String? = nil, modelEvents: Bool? = nil
      ) {
        (self.metrics, self.iters, self.navigateEarlier) = (metrics, iters, navigateEarlier)
        (self.refresh, self.scrollId, self.modelEvents) = (refresh, scrollId, modelEvents)
      }
    }
    package typealias Response = JSON
  }

  /// `events.get_task_metrics`
  package enum GetTaskMetrics: Endpoint {
    package static let name = "events.get_task_metrics"

    package struct Request: Codable, Sendable {
      package var tasks: [String]
      package var eventType: String?
      package var modelEvents: Bool?

      package init(tasks: [String], eventType: String? = nil, modelEvents: Bool? = nil) {
        (self.tasks, self.eventType, self.modelEvents) = (tasks, eventType, modelEvents)
      }
    }

    package struct Response: Codable, Sendable {
      package var metrics: [JSON]?

      package init(metrics: [JSON]? = nil) {
        self.metrics = metrics
      }
    }
  }

  /// `events.get_task_latest_scalar_values`
  package enum GetTaskLatestScalarValues: Endpoint {
    package static let name = "events.get_task_latest_scalar_values"

    package struct Request: Codable, Sendable {
      package var task: String

      package init(task: String) {
        self.task = task
      }
    }

    package struct Response: Codable, Sendable {
      package var metrics: [JSON]?

      package init(metrics: [JSON]? = nil) {
        self.metrics = metrics
      }
    }
  }
}

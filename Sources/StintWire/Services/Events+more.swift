// The rest of what can be asked of events.

extension Events {
  /// `events.plots`: as `debug_images`, for plots.
  package enum Plots: Endpoint {
    package static let name = "events.plots"
    package typealias Request = DebugImages.Request
    package typealias Response = JSON
  }

  /// `events.get_multi_task_metrics`
  package enum GetMultiTaskMetrics: Endpoint {
    package static let name = "events.get_multi_task_metrics"
    package typealias Request = GetTaskMetrics.Request

    package struct Response: Codable, Sendable {
      package var metrics: [MetricVariants]

      package init(metrics: [MetricVariants]) { self.metrics = metrics }
    }
  }

  /// `events.get_multi_task_plots`
  package enum GetMultiTaskPlots: Endpoint {
    package static let name = "events.get_multi_task_plots"

    package struct Request: Codable, Sendable {
      package var tasks: [String]
      package var iters: Int?
      package var scrollId: String?
      package var noScroll: Bool?
      package var modelEvents: Bool?
      package var lastItersPerTaskMetric: Bool?
      package var metrics: [MetricVariants]?
    }

    package struct Response: Codable, Sendable {
      /// `{metric: {variant: {task: {iteration: {"name", "plots": […]}}}}}`
      package var plots: JSON
      package var returned: Int
      package var total: Double
      package var scrollId: String?

      package init(plots: JSON, returned: Int, total: Double, scrollId: String?) {
        (self.plots, self.returned, self.total, self.scrollId) = (plots, returned, total, scrollId)
      }
    }
  }

  /// `events.multi_task_scalar_metrics_iter_histogram`
  package enum MultiTaskScalarMetricsIterHistogram: Endpoint {
    package static let name = "events.multi_task_scalar_metrics_iter_histogram"

    package struct Request: Codable, Sendable {
      package var tasks: [String]
      package var samples: Int?
      package var key: String?
      package var modelEvents: Bool?
      package var metrics: [MetricVariants]?
      /// Beyond the protocol: the points between these two places on the axis only. Times are in milliseconds.
      package var range: [Double]?
      /// Beyond the protocol: the lowest and the highest points of each stretch, so that no spike is lost.
      package var extremes: Bool?
    }
    /// `{metric: {variant: {task: {"name", "x": […], "y": […]}}}}`, named for the task.
    package typealias Response = JSON
  }

  /// Names a task, or a model, that has events.
  package struct SourceRequest: Codable, Sendable {
    package var task: String
    package var modelEvents: Bool?
  }

  /// `events.get_scalar_metrics_and_variants`
  package enum GetScalarMetricsAndVariants: Endpoint {
    package static let name = "events.get_scalar_metrics_and_variants"
    package typealias Request = SourceRequest

    package struct Response: Codable, Sendable {
      /// The variants by metric.
      package var metrics: [String: [String]]

      package init(metrics: [String: [String]]) { self.metrics = metrics }
    }
  }

  /// `events.get_vector_metrics_and_variants`
  package enum GetVectorMetricsAndVariants: Endpoint {
    package static let name = "events.get_vector_metrics_and_variants"
    package typealias Request = SourceRequest
    package typealias Response = GetMultiTaskMetrics.Response
  }

  /// `events.vector_metrics_iter_histogram`
  package enum VectorMetricsIterHistogram: Endpoint {
    package static let name = "events.vector_metrics_iter_histogram"

    package struct Request: Codable, Sendable {
      package var task: String
      package var metric: String
      package var variant: String
      package var modelEvents: Bool?
    }

    package struct Response: Codable, Sendable {
      /// The vector events, by iteration.
      package var images: [JSON]

      package init(images: [JSON]) { self.images = images }
    }
  }

  /// `events.get_scalar_metric_data`
  package enum GetScalarMetricData: Endpoint {
    package static let name = "events.get_scalar_metric_data"

    package struct Request: Codable, Sendable {
      package var task: String
      package var metric: String?
      package var scrollId: String?
      package var noScroll: Bool?
      package var modelEvents: Bool?
    }
    package typealias Response = GetTaskEvents.Response
  }

  /// `events.scalar_metrics_iter_raw`: all points of a metric's variants, batch by batch.
  package enum ScalarMetricsIterRaw: Endpoint {
    package static let name = "events.scalar_metrics_iter_raw"

    package struct Request: Codable, Sendable {
      package var task: String
      package var metric: MetricVariants
      package var key: String?
      package var batchSize: Int?
      package var countTotal: Bool?
      package var scrollId: String?
      package var modelEvents: Bool?
    }

    package struct Response: Codable, Sendable {
      /// By variant: the values as `y`, and as the key's name what they are drawn over.
      package var variants: JSON
      package var total: Int?
      package var returned: Int
      package var scrollId: String?

      package init(variants: JSON, total: Int?, returned: Int, scrollId: String?) {
        (self.variants, self.total, self.returned, self.scrollId) = (variants, total, returned, scrollId)
      }
    }
  }

  /// `events.clear_scroll`
  package enum ClearScroll: Endpoint {
    package static let name = "events.clear_scroll"

    package struct Request: Codable, Sendable {
      package var scrollId: String
    }
    package typealias Response = Nothing
  }

  /// `events.clear_task_log`
  package enum ClearTaskLog: Endpoint {
    package static let name = "events.clear_task_log"

    package struct Request: Codable, Sendable {
      package var task: String
      package var allowLocked: Bool?
      /// Lines that are younger than this stay.
      package var thresholdSec: Int?
      /// Only lines of these metrics go. Lines of a log have none.
      package var includeMetrics: [String]?
      /// Lines of these metrics stay. Lines of a log have none.
      package var excludeMetrics: [String]?
    }

    package struct Response: Codable, Sendable {
      package var deleted: Int

      package init(deleted: Int) { self.deleted = deleted }
    }
  }

  /// `events.delete_for_task`
  package enum DeleteForTask: Endpoint {
    package static let name = "events.delete_for_task"

    package struct Request: Codable, Sendable {
      package var task: String
      package var allowLocked: Bool?
    }

    package struct Response: Codable, Sendable {
      package var deleted: Bool

      package init(deleted: Bool) { self.deleted = deleted }
    }
  }

  /// `events.delete_for_model`
  package enum DeleteForModel: Endpoint {
    package static let name = "events.delete_for_model"

    package struct Request: Codable, Sendable {
      package var model: String
      package var allowLocked: Bool?
    }
    package typealias Response = DeleteForTask.Response
  }
}

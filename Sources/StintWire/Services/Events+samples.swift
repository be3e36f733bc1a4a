// Looking at one image or plot after the other.

extension Events {
  /// `events.get_debug_image_sample`: the image of a variant at an iteration, the last one without.
  package enum GetDebugImageSample: Endpoint {
    package static let name = "events.get_debug_image_sample"

    package struct Request: Codable, Sendable {
      package var task: String
      package var metric: String
      package var variant: String
      package var iteration: Int?
      package var scrollId: String?
      /// Whether the calls that go on stay with this metric.
      package var navigateCurrentMetric: Bool?
      package var modelEvents: Bool?
      /// Ignored: every answer is fresh.
      package var refresh: Bool?
    }

    package struct Response: Codable, Sendable {
      package var scrollId: String?
      package var event: JSON?
      package var minIteration: Int?
      package var maxIteration: Int?

      package init(scrollId: String?, event: JSON?, minIteration: Int?, maxIteration: Int?) {
        (self.scrollId, self.event) = (scrollId, event)
        (self.minIteration, self.maxIteration) = (minIteration, maxIteration)
      }
    }
  }

  /// `events.next_debug_image_sample`
  package enum NextDebugImageSample: Endpoint {
    package static let name = "events.next_debug_image_sample"

    package struct Request: Codable, Sendable {
      package var task: String
      package var scrollId: String
      package var navigateEarlier: Bool?
      /// Whether to leave the iteration, however many variants it has.
      package var nextIteration: Bool?
      package var modelEvents: Bool?
    }
    package typealias Response = GetDebugImageSample.Response
  }

  /// `events.get_plot_sample`: the plots of a metric at an iteration, the last one without.
  package enum GetPlotSample: Endpoint {
    package static let name = "events.get_plot_sample"

    package struct Request: Codable, Sendable {
      package var task: String
      package var metric: String
      package var iteration: Int?
      package var scrollId: String?
      package var navigateCurrentMetric: Bool?
      package var modelEvents: Bool?
      /// Ignored: every answer is fresh.
      package var refresh: Bool?
    }

    package struct Response: Codable, Sendable {
      package var scrollId: String?
      package var events: [JSON]
      package var minIteration: Int?
      package var maxIteration: Int?

      package init(scrollId: String?, events: [JSON], minIteration: Int?, maxIteration: Int?) {
        (self.scrollId, self.events) = (scrollId, events)
        (self.minIteration, self.maxIteration) = (minIteration, maxIteration)
      }
    }
  }

  /// `events.next_plot_sample`
  package enum NextPlotSample: Endpoint {
    package static let name = "events.next_plot_sample"
    package typealias Request = NextDebugImageSample.Request
    package typealias Response = GetPlotSample.Response
  }
}

// Answers that are files and not envelopes.

extension Events {
  /// `events.download_task_log`: the whole log as a file, a line for each event.
  package enum DownloadTaskLog: Endpoint {
    package static let name = "events.download_task_log"

    package struct Request: Codable, Sendable {
      package var task: String
      package var lineType: LineType?
      /// What a line of text is made of: `{asctime}`, `{worker}`, `{level}` and `{msg}`.
      package var lineFormat: String?
    }
    package typealias Response = JSON

    /// How an event is written.
    package enum LineType: String, Codable, Sendable, CaseIterable {
      case json, text
    }
  }
}

extension Organization {
  /// `organization.prepare_download_for_get_all`: what `download_for_get_all` is to give; other members filter, as in
  /// `tasks.get_all`.
  package enum PrepareDownloadForGetAll: Endpoint {
    package static let name = "organization.prepare_download_for_get_all"
    package typealias Request = JSON

    package struct Response: Codable, Sendable {
      package var prepareId: String

      package init(prepareId: String) { self.prepareId = prepareId }
    }

    /// The part of the request that does not filter.
    package struct Table: Codable, Sendable {
      package var entityType: Kind
      package var fieldMappings: [Column]
    }

    /// What the rows are.
    package enum Kind: String, Codable, Sendable, CaseIterable {
      case task, model
    }

    /// A field, what it is called, and what some of its values are called.
    package struct Column: Codable, Sendable {
      package var field: String
      package var name: String?
      package var values: [Value]?

      package struct Value: Codable, Sendable {
        package var key: JSON
        package var value: JSON
      }
    }
  }

  /// `organization.download_for_get_all`: a table as comma-separated values.
  package enum DownloadForGetAll: Endpoint {
    package static let name = "organization.download_for_get_all"

    package struct Request: Codable, Sendable {
      package var prepareId: String
    }
    package typealias Response = JSON
  }
}

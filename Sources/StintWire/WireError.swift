/// An error as the protocol tells it: an HTTP status, a subcode that clients branch on, and a sentence.
package struct WireError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The HTTP status, which the envelope repeats as `result_code`.
  package let code: Int
  /// `result_subcode`: which error of that status it is.
  package let subcode: Int
  /// `result_msg`: what happened.
  package let message: String
  /// `error_data`: details for programs.
  package var data: JSON

  package init(_ kind: Kind, _ detail: String = "", data: JSON = .object([:])) {
    let message = detail.isEmpty ? kind.title : "\(kind.title) (\(detail))"
    self.init(code: kind.code, subcode: kind.subcode, message: message, data: data)
  }

  /// An error in words of its own, or as a server reported it. Of what repeats much of a request, the beginning is told.
  package init(code: Int, subcode: Int, message: String, data: JSON = .object([:])) {
    (self.code, self.subcode, self.data) = (code, subcode, data)
    self.message = message.utf8.count <= Self.longestMessage ? message : message.prefix(Self.longestMessage) + "…"
  }

  /// In characters.
  private static let longestMessage = 1000

  package var description: String { "\(message) [\(code)/\(subcode)]" }

  /// Whether this is `kind`, whatever its words.
  package func `is`(_ kind: Kind) -> Bool { code == kind.code && subcode == kind.subcode }
}

extension WireError {
  /// The errors of the protocol: status, subcode and title.
  package struct Kind: Sendable, Hashable {
    package let code: Int
    package let subcode: Int
    package let title: String

    private init(_ code: Int, _ subcode: Int, _ title: String) {
      (self.code, self.subcode, self.title) = (code, subcode, title)
    }
  }
}

extension WireError.Kind {
  package static let badRequest = Self(400, 0, "Bad request")
  package static let notSupported = Self(400, 1, "Endpoint is not supported")
  package static let invalidVersion = Self(400, 2, "Request path has an invalid version")
  package static let invalidHeaders = Self(400, 5, "Invalid headers")
  package static let impersonation = Self(400, 6, "Impersonation error")
  package static let invalidID = Self(400, 10, "Invalid object id")
  package static let missingFields = Self(400, 11, "Missing required fields")
  package static let validation = Self(400, 12, "Validation error")
  package static let unknownField = Self(400, 14, "Lookup error")
  package static let fieldsConflict = Self(400, 15, "Conflicting fields")
  package static let fieldValue = Self(400, 16, "Invalid value for fields")
  package static let emptyBatch = Self(400, 17, "Batch request with no items")
  package static let invalidRegex = Self(400, 21, "Invalid regular expression")
  package static let invalidTaskID = Self(400, 101, "Invalid task id")
  package static let taskValidation = Self(400, 102, "Task validation error")
  package static let invalidTaskStatus = Self(400, 110, "Invalid task status")
  package static let taskPublished = Self(400, 113, "Task is published")
  package static let taskStatusChanged = Self(400, 121, "Task status was changed meanwhile")
  package static let missingTaskFields = Self(400, 122, "Task is missing expected fields")
  package static let taskNotDeletable = Self(400, 123, "Task cannot be deleted")
  package static let taskNotFound = Self(400, 130, "Task not found")
  package static let eventsNotAdded = Self(400, 131, "Events not added")
  /// Ours: the lease that the caller names is over.
  package static let leaseLost = Self(400, 190, "The lease of the task is over")
  package static let invalidModelID = Self(400, 201, "Invalid model id")
  package static let modelIsReady = Self(400, 203, "Model is ready")
  package static let modelInUse = Self(400, 205, "Model is in use")
  package static let invalidUserID = Self(400, 301, "Invalid user id")
  package static let invalidProjectID = Self(400, 401, "Invalid project id")
  package static let invalidProjectName = Self(400, 407, "Invalid project name")
  package static let invalidQueueID = Self(400, 701, "Invalid queue id")
  package static let queueNotEmpty = Self(400, 702, "Queue is not empty")
  package static let taskNotQueued = Self(400, 703, "Invalid queue or task not queued")
  package static let taskAlreadyQueued = Self(400, 706, "Task already queued")
  package static let noDefaultQueue = Self(400, 707, "No queue is tagged as the default queue")
  package static let notUnique = Self(400, 801, "Value is not unique")
  package static let invalidWorkerID = Self(400, 1001, "Invalid worker id")
  package static let workerNotRegistered = Self(400, 1004, "Worker is not registered")
  package static let invalidScrollID = Self(400, 1104, "Invalid scroll id")

  package static let unauthorized = Self(401, 1, "Unauthorized")
  package static let badAuthType = Self(401, 10, "Unauthorized (bad authentication header type)")
  package static let noCredentials = Self(401, 20, "Unauthorized (missing credentials)")
  package static let badCredentials = Self(401, 21, "Unauthorized (malformed credentials)")
  package static let invalidCredentials = Self(401, 22, "Unauthorized (invalid credentials)")
  package static let invalidToken = Self(401, 30, "Invalid token")
  package static let roleNotAllowed = Self(403, 20, "Forbidden (not allowed for role)")
  package static let unknownEndpoint = Self(404, 0, "Unable to find endpoint")
  package static let tooLarge = Self(413, 0, "Request is too large")
  package static let tooManyRequests = Self(429, 0, "Too many requests")
  package static let internalError = Self(500, 0, "General error")
  package static let lowDiskSpace = Self(500, 4, "Low disk space")
}

extension WireError {
  /// The most of a client's value that an error repeats, in characters.
  private static let longestQuote = 80

  /// The protocol's words for a field that is missing or wrong.
  package init(_ error: FieldError) {
    switch error {
    case .missing(let path): self.init(.validation, Self.field(path, ". field is required!"))
    case .wrongType(let path, let expected, let found):
      let value = found.text.prefix(Self.longestQuote)
      self.init(.validation, Self.field(path, ": value is wrong, expected type \"\(expected)\", found \(value)"))
    case .notAChoice(let path, let value):
      self.init(.validation, Self.field(path, ": value '\(value.prefix(Self.longestQuote))' is not a valid choice"))
    case .outOfRange(let path, let range):
      self.init(.validation, Self.field(path, ": value is out of range, expected \(range)"))
    }
  }

  private static func field(_ path: [String], _ fault: String) -> String {
    (path.isEmpty ? "error for the request" : "error for field '\(path.joined(separator: "."))'") + fault
  }

  /// What `error` is in the protocol, or `nil` if it is none of ours.
  package init?(describing error: any Error) {
    switch error {
    case let error as WireError: self = error
    case let error as FieldError: self.init(error)
    case let error as JSONSyntaxError: self.init(.badRequest, "the body is not JSON: \(error)")
    default: return nil
    }
  }
}

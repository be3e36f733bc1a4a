/// The `api` section.
package struct APISettings: Sendable {
  /// How the server's certificate is checked.
  package enum CertificateCheck: Sendable, Equatable {
    case system
    case authority(file: String)
    case off
  }

  /// The API server's address, without a slash at its end.
  package var server: String?
  /// The web page's address.
  package var web: String?
  /// The file server's address.
  package var files: String?
  /// The public half of the credentials.
  package var accessKey: String?
  /// The secret half of the credentials.
  package var secretKey: Secret?
  /// A token to use instead of logging in with keys.
  package var authToken: Secret?
  /// How the server's certificate is checked.
  package var certificateCheck: CertificateCheck

  init(_ read: SettingsReader) throws(SettingsError) {
    let olderName = try read.string("api.host")
    server = Self.address(try read.string("api.api_server") ?? olderName)
    web = Self.address(try read.string("api.web_server"))
    files = Self.address(try read.string("api.files_server"))
    accessKey = try read.string("api.credentials.access_key")
    secretKey = try read.secret("api.credentials.secret_key")
    authToken = try read.secret("api.auth.token")
    if let isOn = read.value("api.verify_certificate")?.asBool {
      certificateCheck = isOn ? .system : .off
    } else {
      certificateCheck = try read.path("api.verify_certificate").map { .authority(file: $0) } ?? .system
    }
  }

  private static func address(_ text: String?) -> String? {
    guard var address = text?.trimmed[...] else { return nil }
    while address.hasSuffix("/") { address.removeLast() }
    return address.isEmpty ? nil : String(address)
  }
}

/// What this worker is called.
package struct WorkerSettings: Sendable {
  /// The full name of the worker; nil means it is made from `name` and the slot.
  package var id: String?
  /// The machine's name to use in worker names instead of the host name.
  package var name: String?
  /// Labels that are reported with the worker.
  package var tags: [String]

  init(_ read: SettingsReader) throws(SettingsError) {
    id = try read.string("agent.worker_id")
    name = try read.string("agent.worker_name")
    tags = try read.strings("agent.worker_tags") ?? []
  }
}

/// How often the agent asks and reports.
package struct IntervalSettings: Sendable {
  /// Between two looks at the queues, where the server has no long poll.
  package var polling: Duration
  /// Between two reports of the machine's state.
  package var statusReport: Duration
  /// Between two signs of life of a running task.
  package var taskPing: Duration
  /// Between two shipments of a running task's log.
  package var logReport: Duration
  /// How long a task's abort callback may take.
  package var abortCallback: Duration

  init(_ read: SettingsReader) throws(SettingsError) {
    polling = try read.duration("agent.polling_interval_sec") ?? .seconds(5)
    statusReport = try read.duration("agent.status_report_interval_sec") ?? .seconds(30)
    taskPing = try read.duration("agent.task_ping_interval_sec") ?? .seconds(60)
    logReport = try read.duration("sdk.development.worker.report_period_sec") ?? .seconds(2)
    abortCallback = try read.duration("agent.abort_callback_max_timeout") ?? .seconds(1800)
  }
}

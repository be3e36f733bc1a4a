import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import StintModel
import StintWire
import Synchronization

/// What is known of a request besides its head: where it came from, and what is found out about it on the way.
struct Exchange: RequestContext {
  var coreContext: CoreRequestContextStorage
  /// The caller's IP address.
  let address: String?
  /// The connection.
  let channel: any Channel
  /// Names the exchange, in its answer and in the log.
  let id = randomIdentifier()
  let findings = Findings()

  init(source: ApplicationRequestContextSource) {
    coreContext = .init(source: source)
    channel = source.channel
    address = channel.remoteAddress?.ipAddress
  }

  /// What those who answer find out.
  final class Findings: Sendable {
    private let state = Mutex((endpoint: "unknown", user: String?.none))

    /// One of a bounded number of names of what was asked for.
    var endpoint: String { state.withLock { $0.endpoint } }
    /// Who asked.
    var user: String? { state.withLock { $0.user } }

    func note(endpoint: String) { state.withLock { $0.endpoint = endpoint } }
    func note(user: String?) { state.withLock { $0.user = user } }
  }
}

/// Answers every request of a listener, counts it and logs it.
struct Responder: HTTPResponder {
  let listener: Listener
  let meters: Meters
  let logger: Logger
  let answer: @Sendable (Request, Exchange) async -> Response

  func respond(to request: Request, context: Exchange) async -> Response {
    let start = ContinuousClock.now
    var response = await answer(request, context)
    response.headers[.requestID] = context.id
    // The rate is told per second: whoever waits one may go on.
    if response.status == .tooManyRequests { response.headers[.retryAfter] = "1" }
    if Self.sharesConnections(request) { response.headers[.connection] = "close" }
    note(response, to: request, context, took: start.duration(to: .now))
    return response
  }

  private func note(_ response: Response, to request: Request, _ context: Exchange, took duration: Duration) {
    let endpoint = Meters.Endpoint(listener: listener, name: context.findings.endpoint)
    meters.note(endpoint, status: response.status.code, took: duration)
    guard logger.logLevel <= .info else { return }
    var metadata: Logger.Metadata = [
      "id": "\(context.id)", "listener": "\(listener.rawValue)", "method": "\(request.method.rawValue)",
      "path": "\(request.uri.path)", "status": .stringConvertible(response.status.code),
      "ms": .stringConvertible(Int(duration / .milliseconds(1))),
    ]
    let others = [
      "user": context.findings.user, "address": context.address, "trx": request.headers[.transaction],
    ]
    for (name, value) in others { metadata[name] = value.map { "\($0)" } }
    logger.info("request", metadata: metadata)
  }

  /// The ClearML SDK forks while its HTTP session is open, and parent and child would then write into one connection.
  /// It must not be kept alive for them.
  private static func sharesConnections(_ request: Request) -> Bool {
    request.headers[.userAgent]?.hasPrefix("python-requests") == true
  }
}

extension HTTPField.Name {
  fileprivate static let requestID = Self.known("X-Request-Id")
}

extension Response {
  /// An answer with a JSON body.
  static func json(_ json: JSON, status: HTTPResponse.Status = .ok) -> Response {
    Response(
      status: status, headers: [.contentType: "application/json"],
      body: .init(byteBuffer: ByteBuffer(bytes: json.bytes)))
  }

  /// A file, sent as it is read.
  static func file(_ download: Download) -> Response {
    let headers: HTTPFields = [
      .contentType: download.type, .contentDisposition: "attachment; filename=\"\(download.name)\"",
      .known("X-Content-Type-Options"): "nosniff",
    ]
    return Response(
      status: .ok, headers: headers,
      body: .init { writer in
        try await download.forEachPiece { try await writer.write(ByteBuffer(string: $0)) }
        try await writer.finish(nil)
      })
  }

  /// An answer of one line of text.
  static func text(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
    Response(
      status: status, headers: [.contentType: "text/plain; charset=utf-8"],
      body: .init(byteBuffer: ByteBuffer(string: text + "\n")))
  }
}

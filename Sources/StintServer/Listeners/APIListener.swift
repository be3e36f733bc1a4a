import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import StintModel
import StintStore
import StintWire

/// Speaks the protocol over HTTP: any method, the body as JSON, JSON lines or a form, plain or gzip, answered in the
/// envelope.
struct APIListener: Sendable {
  /// The largest body taken, as sent and unpacked. Clients split theirs at 15 MiB.
  static let bodyLimit = 64 << 20

  let api: API
  let authentication: Authentication
  let logger: Logger

  /// The answer to a request for `path`, the part of the address behind the API's root.
  func answer(_ request: Request, path: Substring, context: Exchange) async -> Response {
    if path == "/openapi.json" {
      return .json(OpenAPI(api).document(root: String(request.uri.path.dropLast(path.count))))
    }
    let (endpoint, version) = Self.parse(path)
    var envelope = Envelope(
      id: randomIdentifier(), transaction: request.headers[.transaction], endpoint: endpoint,
      requestedVersion: version ?? .newest)
    do {
      guard version != nil else { throw WireError(.invalidVersion, String(path)) }
      let identity = try await identity(for: endpoint, request)
      // Whoever is not logged in sends no large body.
      if identity == nil, api.routes[endpoint]?.needsLogin == true { throw WireError(.noCredentials) }
      let version = envelope.requestedVersion
      envelope.data = try await Self.withBody(of: request, isHeld: api.routes[endpoint]?.isHeld == true) { body in
        try await api.answer(
          Call(
            endpoint: endpoint, version: version, identity: identity, body: body,
            workerHost: request.headers[.worker] ?? request.headers[.trainsWorker], address: context.address))
      }
    } catch {
      envelope.error = wireError(error, endpoint: endpoint, id: envelope.id)
    }
    var response = Response.json(envelope.json, status: .init(code: envelope.error?.code ?? 200))
    // The connection of a held call ends with it, which the caller must know before it sends the next one.
    if api.routes[endpoint]?.isHeld == true { response.headers[.connection] = "close" }
    if endpoint == Auth.Login.name, let token = envelope.data["token"]?.string {
      response.headers[.setCookie] = "\(Authentication.cookie)=\(token); Path=/; HttpOnly; SameSite=Strict"
    }
    return response
  }

  private func identity(for endpoint: String, _ request: Request) async throws -> Identity? {
    // Health checks and the like answer also to those whose credentials have expired.
    if let route = api.routes[endpoint], !route.needsLogin {
      return try? await authentication.identity(of: request.headers)
    }
    return try await authentication.identity(of: request.headers)
  }

  private func wireError(_ error: any Error, endpoint: String, id: String) -> WireError {
    if let known = WireError(describing: error) { return known }
    if let error = error as? StoreError {
      logger.error("\(endpoint) failed: \(error)")
      return error.wireError
    }
    if error is CancellationError {
      return WireError(code: 503, subcode: 0, message: "The server is shutting down: try again")
    }
    logger.error("\(endpoint) failed", metadata: ["id": "\(id)", "error": "\(error)"])
    return WireError(.internalError, "see the server's log for \(id)")
  }

  /// Splits `v2.23/tasks.create` into endpoint and version; nil where the version is no version.
  static func parse(_ path: Substring) -> (endpoint: String, version: WireVersion?) {
    let parts = path.split(separator: "/")
    switch parts.count {
    case 1: return (String(parts[0]), .newest)
    case 2: return (String(parts[1]), parts[0].hasPrefix("v") ? WireVersion(parts[0]) : nil)
    default: return (String(path), .newest)
    }
  }

  /// Calls `answer` with the request's body, and cancels it when the caller of a held call hangs up: what it would get
  /// must go to somebody else. (A held call's connection closes after it.)
  private static func withBody(
    of request: Request, isHeld: Bool, _ answer: @Sendable (JSON) async throws -> JSON
  ) async throws -> JSON {
    guard isHeld else { return try await answer(body(of: request, request.body)) }
    return try await request.body.consumeWithCancellationOnInboundClose { bytes in
      try await answer(body(of: request, bytes))
    }
  }

  private static func body(of request: Request, _ stream: RequestBody) async throws -> JSON {
    var bytes: [UInt8]
    do {
      bytes = Array(buffer: try await stream.collect(upTo: bodyLimit))
    } catch is NIOTooManyBytesError {
      throw WireError(.tooLarge, "over \(bodyLimit) bytes")
    } catch let error where !(error is CancellationError) {
      throw WireError(.badRequest, "the body ended early: \(error)")
    }
    if let encoding = request.headers[.contentEncoding]?.lowercased(),
      encoding.contains("gzip") || encoding.contains("deflate")
    {
      bytes = try gunzip(bytes, limit: bodyLimit)
    }
    let type = request.headers[.contentType]?.lowercased() ?? ""
    if type.contains("json-lines") {
      return .array(bytes.split(separator: UInt8(ascii: "\n")).map { (try? JSON(parsing: $0)) ?? .null })
    }
    var body: JSON = .object([:])
    if type.contains("x-www-form-urlencoded") {
      body = merge(URI("/?" + String(decoding: bytes, as: UTF8.self)).queryParameters, over: body)
    } else if bytes.contains(where: { $0 > 0x20 }) {
      body = try JSON(parsing: bytes)
      if body.isNull { body = .object([:]) }
    }
    return merge(request.uri.queryParameters, over: body)
  }

  private static func merge(_ parameters: FlatDictionary<Substring, Substring>, over body: JSON) -> JSON {
    guard var members = body.object else { return body }
    for key in Set(parameters.map(\.key)) {
      let values = parameters[values: key].map { JSON.string(String($0)) }
      members[String(key)] = values.count == 1 ? values[0] : .array(values)
    }
    return .object(members)
  }
}

extension HTTPField.Name {
  static let transaction = Self.known("X-ClearML-Trx")
  static let worker = Self.known("X-ClearML-Worker")
  static let trainsWorker = Self.known("X-Trains-Worker")

  /// A name that is valid as written here.
  static func known(_ name: String) -> Self {
    guard let name = Self(name) else { preconditionFailure("\(name) is no header name") }
    return name
  }
}

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
  /// The largest body taken where nothing else is set, as sent and unpacked. Clients split theirs at 15 MiB.
  static let bodyLimit = 64 << 20

  let api: API
  let authentication: Authentication
  let asyncCalls: AsyncCalls
  let limiter: RateLimiter
  /// The largest body that this listener takes.
  let limit: Int
  /// Whether browsers may send the cookie over TLS only.
  let isSecure: Bool
  let logger: Logger

  /// The answer to a request for `path`, the part of the address behind the API's root.
  func answer(_ request: Request, path: Substring, context: Exchange) async -> Response {
    if path == "/openapi.json" {
      context.findings.note(endpoint: "openapi.json")
      return .json(OpenAPI(api).document(root: String(request.uri.path.dropLast(path.count))))
    }
    let (endpoint, version) = Self.parse(path)
    if api.routes[endpoint] != nil { context.findings.note(endpoint: endpoint) }
    let envelope = Envelope(
      id: context.id, transaction: request.headers[.transaction], endpoint: endpoint,
      requestedVersion: version ?? .newest)
    let reply = await inOwnTask { await self.reply(to: request, path: path, version, context, envelope) }
    guard case .success(.later(let data)) = reply else { return response(reply, envelope, request) }
    return response(await held(data, context), envelope, request)
  }

  private func reply(
    to request: Request, path: Substring, _ version: WireVersion?, _ context: Exchange, _ envelope: Envelope
  ) async -> Result<API.Answer, any Error> {
    let (endpoint, id) = (envelope.endpoint, envelope.id)
    do {
      guard let version else { throw WireError(.invalidVersion, String(path)) }
      let identity = try await limiter.admit(context) { try await self.identity(for: endpoint, request) }
      let route = api.routes[endpoint]
      // Whoever is not logged in sends no large body.
      if identity == nil, route?.needsLogin == true { throw WireError(.noCredentials) }
      let bytes = try await Self.bytes(of: request, request.body, upTo: limit)
      let lines = route?.takesLines == true && Self.isLines(request) ? bytes : nil
      let call = Call(
        endpoint: endpoint, version: version, identity: identity,
        body: lines == nil ? try Self.body(of: request, bytes) : [:], lines: lines,
        workerHost: request.headers[.worker] ?? request.headers[.trainsWorker], address: context.address)
      guard Self.isAsync(request), route?.isHeld == false else { return .success(try await api.reply(to: call)) }
      try asyncCalls.begin(id, owner: identity?.user) {
        do { return .success(try await api.answer(call)) } catch {
          return .failure(wireError(error, endpoint: endpoint, id: id))
        }
      }
      throw AsyncCalls.accepted
    } catch {
      return .failure(error)
    }
  }

  /// What `login.supported_modes` tells the browser that asks for the page; nil where nobody is signed in there.
  func session(of request: Request, _ context: Exchange) async -> JSON? {
    let identity = try? await limiter.admit(context) {
      try await authentication.identity(of: request.headers, acceptingCookie: true)
    }
    guard let identity else { return nil }
    let call = Call(
      endpoint: Login.SupportedModes.name, version: .newest, identity: identity, body: [:], workerHost: nil,
      address: context.address)
    guard case .data(let modes)? = try? await api.reply(to: call) else { return nil }
    return modes
  }

  private func held(
    _ data: @escaping @Sendable () async throws -> JSON, _ context: Exchange
  ) async -> Result<API.Answer, any Error> {
    do { return .success(.data(try await untilHangUp(on: context.channel, data))) } catch { return .failure(error) }
  }

  private func response(
    _ reply: Result<API.Answer, any Error>, _ envelope: Envelope, _ request: Request
  ) -> Response {
    var envelope = envelope
    switch reply {
    case .success(.download(let download)): return .file(download)
    case .success(.data(let data)): envelope.data = data
    case .success(.later): envelope.error = WireError(.internalError, "an answer that is waited for was not")
    case .failure(let error):
      envelope.error = wireError(error, endpoint: envelope.endpoint, id: envelope.id)
    }
    var response = Response.json(envelope.json, status: .init(code: envelope.error?.code ?? 200))
    // Other pages can make a browser ask for anything, but not in our page's name.
    if Self.isPage(request), let token = Self.newToken(envelope.endpoint, envelope) {
      let life = token.isEmpty ? "; Max-Age=0" : ""
      response.headers[.setCookie] =
        "\(Authentication.cookie)=\(token); Path=/; HttpOnly; SameSite=Strict\(life)"
        + (isSecure ? "; Secure" : "")
    }
    return response
  }

  /// What a browser is to remember after a call: the token of a login, nothing after a logout.
  private static func newToken(_ endpoint: String, _ envelope: Envelope) -> String? {
    guard envelope.error == nil else { return nil }
    switch endpoint {
    case Auth.Login.name, Login.UseLink.name: return envelope.data["token"]?.string
    case Auth.Logout.name, Login.Logout.name: return ""
    default: return nil
    }
  }

  private func identity(for endpoint: String, _ request: Request) async throws -> Identity? {
    let isPage = Self.isPage(request)
    // Health checks and the like answer also to those whose credentials have expired.
    if let route = api.routes[endpoint], !route.needsLogin {
      return try? await authentication.identity(of: request.headers, acceptingCookie: isPage)
    }
    guard let caller = try await authentication.identity(of: request.headers, acceptingCookie: isPage) else {
      return nil
    }
    return try await authentication.impersonated(caller, request.headers)
  }

  private func wireError(_ error: any Error, endpoint: String, id: String) -> WireError {
    if let known = WireError(describing: error) { return known }
    if let error = error as? StoreError {
      logger.error("\(endpoint) failed", metadata: ["id": "\(id)", "error": "\(error)"])
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

  /// A request's whole body, unpacked.
  static func bytes(of request: Request, _ stream: RequestBody, upTo limit: Int = bodyLimit) async throws -> [UInt8] {
    var bytes: [UInt8]
    do {
      bytes = Array(buffer: try await stream.collect(upTo: limit))
    } catch is NIOTooManyBytesError {
      throw WireError(.tooLarge, "over \(limit) bytes: send it in parts")
    } catch let error where !(error is CancellationError) {
      throw WireError(.badRequest, "the body ended early: \(error)")
    }
    if let encoding = request.headers[.contentEncoding]?.lowercased(),
      encoding.contains("gzip") || encoding.contains("deflate")
    {
      bytes = try gunzip(bytes, limit: limit)
    }
    return bytes
  }

  /// Whether our own page asks: it names itself in a header that no page of another origin can send.
  private static func isPage(_ request: Request) -> Bool { request.headers[.page] != nil }

  private static func isAsync(_ request: Request) -> Bool {
    let value = request.headers[.async] ?? request.headers[.trainsAsync] ?? ""
    return !["", "0", "false"].contains(value.lowercased())
  }

  private static func isLines(_ request: Request) -> Bool {
    request.headers[.contentType]?.lowercased().contains("json-lines") == true
  }

  private static func body(of request: Request, _ bytes: [UInt8]) throws -> JSON {
    if isLines(request) {
      let lines = bytes.split(separator: UInt8(ascii: "\n")).filter { line in line.contains { $0 > 0x20 } }
      return .array(lines.map { (try? JSON(parsing: $0, maximumDepth: JSON.maximumRequestDepth)) ?? .null })
    }
    var body: JSON = .object([:])
    if request.headers[.contentType]?.lowercased().contains("x-www-form-urlencoded") == true {
      body = merge(URI("/?" + String(decoding: bytes, as: UTF8.self)).queryParameters, over: body)
    } else if bytes.contains(where: { $0 > 0x20 }) {
      body = try JSON(parsing: bytes, maximumDepth: JSON.maximumRequestDepth)
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
  fileprivate static let async = Self.known("X-ClearML-Async")
  fileprivate static let trainsAsync = Self.known("X-Trains-Async")
  fileprivate static let page = Self.known("X-Stint-Page")

  /// A name that is valid as written here.
  static func known(_ name: String) -> Self {
    guard let name = Self(name) else { preconditionFailure("\(name) is no header name") }
    return name
  }
}

import StintWire

/// The endpoints that are served: an endpoint is a type and a function.
package struct API: Sendable {
  package typealias Handler = @Sendable (Call) async throws -> Answer

  /// What a call is answered with.
  package enum Answer: Sendable {
    /// What goes into the envelope.
    case data(JSON)
    /// A file, without an envelope.
    case download(Download)
    /// What goes into the envelope, once it is there.
    case later(@Sendable () async throws -> JSON)
  }

  /// What is registered under a name.
  package struct Route: Sendable {
    package let needsLogin: Bool
    /// Who may call it; nil for everybody who is logged in.
    package let roles: Set<Identity.Role>?
    /// Whether an answer may take long: it is given up when the caller hangs up.
    package let isHeld: Bool
    /// Whether JSON lines are left to the handler, in `Call.lines`.
    package let takesLines: Bool
    /// Whether the answer is a file.
    package let isDownload: Bool
    /// Finds the schemas of the request and the answer.
    package let schema: @Sendable (SchemaCatalogue) -> EndpointSchema
    package let handler: Handler
  }

  package private(set) var routes: [String: Route] = [:]

  package init() {}

  /// Serves `endpoint` with `handler`, to callers with one of `roles`.
  package mutating func on<E: Endpoint>(
    _ endpoint: E.Type, needsLogin: Bool = true, roles: Set<Identity.Role>? = nil, takesLines: Bool = false,
    _ handler: @escaping @Sendable (E.Request, Call) async throws -> E.Response
  ) {
    let check = RequestCheck(of: endpoint)
    routes[E.name] = Route(
      needsLogin: needsLogin, roles: roles, isHeld: false, takesLines: takesLines, isDownload: false,
      schema: { $0.schema(ofEndpoint: endpoint) }
    ) { call in
      .data(try JSON(encoding: await handler(Self.request(of: call, check), call)))
    }
  }

  /// Serves `endpoint`, whose answer may have to be waited for: `handler` makes what waits for it. Many wait at once, so
  /// that what it needed is gone by then. The waiting is cancelled when the caller hangs up: what it would get must go to
  /// somebody else.
  package mutating func onHeld<E: Endpoint>(
    _ endpoint: E.Type,
    _ handler: @escaping @Sendable (E.Request, Call) async throws -> @Sendable () async throws -> E.Response
  ) {
    let check = RequestCheck(of: endpoint)
    routes[E.name] = Route(
      needsLogin: true, roles: nil, isHeld: true, takesLines: false, isDownload: false,
      schema: { $0.schema(ofEndpoint: endpoint) }
    ) { call in
      let answer = try await handler(Self.request(of: call, check), call)
      return .later { try JSON(encoding: await answer()) }
    }
  }

  /// Serves `endpoint` with a file.
  package mutating func onDownload<E: Endpoint>(
    _ endpoint: E.Type, _ handler: @escaping @Sendable (E.Request, Call) async throws -> Download
  ) {
    let check = RequestCheck(of: endpoint)
    routes[E.name] = Route(
      needsLogin: true, roles: nil, isHeld: false, takesLines: false, isDownload: true,
      schema: { $0.schema(ofEndpoint: endpoint) }
    ) { call in
      .download(try await handler(Self.request(of: call, check), call))
    }
  }

  /// The data that answers `call`, or the protocol's error. Of a file, its text.
  package func answer(_ call: Call) async throws -> JSON {
    switch try await reply(to: call) {
    case .data(let data): return data
    case .later(let data): return try await data()
    case .download(let download):
      var text = ""
      try await download.forEachPiece { text += $0 }
      return .string(text)
    }
  }

  /// What answers `call`, or the protocol's error.
  func reply(to call: Call) async throws -> Answer {
    guard let route = routes[call.endpoint] else { throw WireError(.unknownEndpoint, call.endpoint) }
    if route.needsLogin {
      let role = try call.caller.role
      if let roles = route.roles, !roles.contains(role) {
        let allowed = roles.map(\.rawValue).sorted().joined(separator: ", ")
        throw WireError(.roleNotAllowed, "role=\(role.rawValue), allowed=(\(allowed))")
      }
    }
    return try await route.handler(call)
  }

  private static func request<Request: Decodable>(of call: Call, _ check: RequestCheck) throws -> Request {
    let body = call.body.isNull ? .object([:]) : call.body
    try check.check(body)
    return try body.decode(Request.self)
  }
}

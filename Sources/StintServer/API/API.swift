import StintWire

/// The endpoints that are served: an endpoint is a type and a function.
package struct API: Sendable {
  package typealias Handler = @Sendable (Call) async throws -> JSON

  /// What is registered under a name.
  package struct Route: Sendable {
    package let needsLogin: Bool
    /// Who may call it; nil for everybody who is logged in.
    package let roles: Set<Identity.Role>?
    /// Whether an answer may take long, so that it is given up when the caller hangs up.
    package let isHeld: Bool
    /// Whether JSON lines are left to the handler, in `Call.lines`.
    package let takesLines: Bool
    /// Finds the schemas of the request and the answer.
    package let schema: @Sendable (SchemaCatalogue) -> EndpointSchema
    package let handler: Handler
  }

  package private(set) var routes: [String: Route] = [:]

  package init() {}

  /// Serves `endpoint` with `handler`, to callers with one of `roles`.
  package mutating func on<E: Endpoint>(
    _ endpoint: E.Type, needsLogin: Bool = true, roles: Set<Identity.Role>? = nil, isHeld: Bool = false,
    takesLines: Bool = false, _ handler: @escaping @Sendable (E.Request, Call) async throws -> E.Response
  ) {
    let check = RequestCheck(of: endpoint)
    routes[E.name] = Route(
      needsLogin: needsLogin, roles: roles, isHeld: isHeld, takesLines: takesLines,
      schema: { $0.schema(ofEndpoint: endpoint) }
    ) { call in
      let body = call.body.isNull ? .object([:]) : call.body
      try check.check(body)
      return try JSON(encoding: await handler(body.decode(E.Request.self), call))
    }
  }

  /// The answer to `call`, or the protocol's error.
  package func answer(_ call: Call) async throws -> JSON {
    guard let route = routes[call.endpoint] else {
      throw UnbuiltEndpoints.names.contains(call.endpoint)
        ? WireError(.notSupported, "\(call.endpoint) is not built yet")
        : WireError(.unknownEndpoint, call.endpoint)
    }
    if route.needsLogin {
      let role = try call.caller.role
      if let roles = route.roles, !roles.contains(role) {
        let allowed = roles.map(\.rawValue).sorted().joined(separator: ", ")
        throw WireError(.roleNotAllowed, "role=\(role.rawValue), allowed=(\(allowed))")
      }
    }
    return try await route.handler(call)
  }
}

/// Ways from outside to what tasks serve.
package enum Routers {
  /// `routers.get_routes`
  package enum GetRoutes: Endpoint {
    package static let name = "routers.get_routes"

    package struct Request: Codable, Sendable {
      /// A pattern of the routes' names.
      package var name: String?
    }

    package struct Response: Codable, Sendable {
      package var routes: [Route]

      package init(routes: [Route]) { self.routes = routes }
    }
  }

  /// A way to what a task serves.
  package struct Route: Codable, Sendable {
    package var name: String
    /// `path` or `subdomain`.
    package var type: String
  }
}

/// What an endpoint is asked, and what it answers.
package struct EndpointSchema: Sendable {
  package let request: Schema
  package let response: Schema
  /// Whether it takes many requests at once, as lines.
  package let isBatch: Bool
}

extension SchemaCatalogue {
  /// The schemas of an endpoint.
  package func schema<E: Endpoint>(ofEndpoint endpoint: E.Type) -> EndpointSchema {
    EndpointSchema(
      request: request(of: endpoint), response: part(E.Response.self, of: endpoint, "Response"),
      isBatch: endpoint is any BatchEndpoint.Type)
  }

  /// The objects that schemas refer to, by their names.
  package var components: [String: [Schema.Property]] {
    [Schema.filters, Schema.parts].reduce(objects) { $0.merging($1) { first, _ in first } }
  }

  private func request<E: Endpoint>(of endpoint: E.Type) -> Schema {
    if let batch = endpoint as? any BatchEndpoint.Type { return line(of: batch) }
    if endpoint is any ListEndpoint.Type {
      return .named(Schema.filterName(ofService: E.name.prefix { $0 != "." }))
    }
    return part(E.Request.self, of: endpoint, "Request")
  }

  private func line<E: BatchEndpoint>(of endpoint: E.Type) -> Schema { request(of: E.Single.self) }

  private func part<Value: Decodable, E: Endpoint>(
    _ type: Value.Type, of endpoint: E.Type, _ part: String
  ) -> Schema {
    guard type == JSON.self else { return schema(of: type) }
    let name = Self.name(of: endpoint) + "." + part
    if let whole = Schema.whole[name] { return whole }
    guard let properties = Schema.details[name] else { return .object }
    objects[name] = properties
    return .named(name)
  }
}

import StintWire

/// The description of an API as an OpenAPI 3.1 document, made from the types of its endpoints.
struct OpenAPI {
  private let api: API
  private let catalogue = SchemaCatalogue()

  init(_ api: API) { self.api = api }

  /// The document for an API whose root is `root`, as in `/api`.
  func document(root: String) -> JSON {
    // Walks the endpoints before the components are read: it fills the catalogue.
    let paths = JSON.object(
      Dictionary(uniqueKeysWithValues: api.routes.map { ("/" + $0, ["post": operation($0, $1)] as JSON) }))
    var schemas = catalogue.components
    schemas["Meta"] = Self.meta
    return [
      "openapi": "3.1.1",
      "info": [
        "title": "Stint", "version": .string(WireVersion.newest.description), "description": .string(Self.introduction),
      ],
      "servers": [["url": .string(root.isEmpty ? "/" : root)]],
      "security": [["token": []], ["accessKey": []]],
      "tags": .array(services.map { ["name": .string($0)] }),
      "paths": paths,
      "components": [
        "schemas": .object(schemas.mapValues(Schema.object)),
        "responses": ["Error": Self.answer("What was wrong: `meta` tells.", data: [:])],
        "securitySchemes": [
          "token": ["type": "http", "scheme": "bearer", "description": "What `auth.login` answers."],
          "accessKey": ["type": "http", "scheme": "basic", "description": "An access key and its secret."],
        ],
      ],
    ]
  }

  private var services: [String] { Set(api.routes.keys.map(Self.service)).sorted() }

  private static func service(_ endpoint: String) -> String { String(endpoint.prefix { $0 != "." }) }

  private func operation(_ name: String, _ route: API.Route) -> JSON {
    let schema = route.schema(catalogue)
    var operation: JSON = [
      "operationId": .string(name),
      "tags": [.string(Self.service(name))],
      "requestBody": ["content": Self.content(schema)],
      "responses": [
        "200": route.isDownload ? Self.file : Self.answer("The answer.", data: schema.response.json),
        "default": ["$ref": "#/components/responses/Error"],
      ],
    ]
    if !route.needsLogin { operation["security"] = [] }
    if let roles = route.roles { operation["x-roles"] = .array(roles.map(\.rawValue).sorted().map(JSON.string)) }
    return operation
  }

  /// One object; lines of them where a call takes many.
  private static func content(_ schema: EndpointSchema) -> JSON {
    let one = ["application/json": ["schema": schema.request.json]] as JSON
    guard schema.isBatch else { return one }
    return one.merging(["application/json-lines": ["schema": ["type": "array", "items": schema.request.json]]])
  }

  /// An answer in the envelope.
  private static func answer(_ description: String, data: JSON) -> JSON {
    let schema: JSON = [
      "type": "object", "properties": ["meta": Schema.named("Meta").json, "data": data], "required": ["meta", "data"],
    ]
    return ["description": .string(description), "content": ["application/json": ["schema": schema]]]
  }

  private static let file: JSON = [
    "description": "A file, without an envelope.", "content": ["text/*": ["schema": ["type": "string"]]],
  ]

  private static let meta = [
    Schema.Property("id", .text, isRequired: true),
    Schema.Property("trx", .text, isRequired: true),
    Schema.Property("endpoint", .map(.text), isRequired: true),
    Schema.Property("result_code", .integer, isRequired: true),
    Schema.Property("result_subcode", .integer, isRequired: true),
    Schema.Property("result_msg", .text, isRequired: true),
    Schema.Property("error_stack", .nullable(.text)),
    Schema.Property("error_data", .nullable(.object)),
  ]

  private static let introduction = """
    The ClearML protocol. A call is a POST of a JSON object to `/service.action`, or `/vX.Y/service.action`; the answer is \
    `{"meta": …, "data": …}`, and `meta.result_code` repeats the HTTP status. Members that are not described are ignored. \
    Numbers in text and 0 or 1 for truth values are taken, and null is the same as leaving a member out. Where a list of \
    values filters, one value alone is taken, too.
    """
}

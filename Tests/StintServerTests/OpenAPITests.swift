import StintWire
import Testing

@testable import StintServer

@Suite struct OpenAPITests {
  @Test("no endpoint has a type that the description cannot follow")
  func nothingIsOpaque() async throws {
    let catalogue = SchemaCatalogue()
    for route in try await ServicesFixture().services.api().routes.values { _ = route.schema(catalogue) }
    #expect(catalogue.opaque.isEmpty)
    #expect(!catalogue.objects.isEmpty)
  }

  @Test("every endpoint is described, with the roles and the login that it asks for")
  func everyEndpoint() async throws {
    let api = try await ServicesFixture().services.api()
    let document = OpenAPI(api).document(root: "/api")
    let paths = try #require(document["paths"]?.object)
    #expect(Set(paths.keys) == Set(api.routes.keys.map { "/" + $0 }))
    #expect(document["servers"] == [["url": "/api"]])
    #expect(paths["/users.create"]?["post"]?["x-roles"] == ["admin"])
    #expect(paths["/debug.ping"]?["post"]?["security"] == [])
    #expect(paths["/tasks.create"]?["post"]?["security"] == nil)
  }

  @Test("the description is valid OpenAPI 3.1")
  func valid() async throws {
    let faults = OpenAPIFaults(of: OpenAPI(try await ServicesFixture().services.api()).document(root: "")).found
    #expect(faults.isEmpty, "\(faults.joined(separator: "\n"))")
  }

  @Test("every answer says what is in it, down to its leaves")
  func answersAreTyped() async throws {
    let catalogue = SchemaCatalogue()
    // What another call answers is described there.
    let open: Set = ["async.result"]
    for (name, route) in try await ServicesFixture().services.api().routes {
      let schema = route.schema(catalogue)
      if schema.response == .object, !route.isDownload, !open.contains(name) {
        Issue.record("the answer of \(name) is open")
      }
    }
    for (name, properties) in catalogue.components {
      for property in properties where property.schema == .anything || property.schema == .list(.anything) {
        Issue.record("\(name).\(property.name) is open")
      }
    }
  }

  @Test("nothing is described that no type has")
  func noStaleDetails() async throws {
    let catalogue = SchemaCatalogue()
    for route in try await ServicesFixture().services.api().routes.values { _ = route.schema(catalogue) }
    let document = OpenAPI(try await ServicesFixture().services.api()).document(root: "")
    let used = OpenAPIFaults.references(in: document)
    for (name, details) in Schema.details {
      let known = Set(catalogue.objects[name]?.map(\.name) ?? [])
      for property in details where !known.contains(property.name) {
        Issue.record("\(name) has no \(property.name)")
      }
    }
    for name in catalogue.components.keys where !used.contains("#/components/schemas/" + name) {
      Issue.record("nothing refers to \(name)")
    }
  }
}

/// What is wrong with an OpenAPI document.
private struct OpenAPIFaults {
  private(set) var found: [String] = []
  private let document: JSON

  init(of document: JSON) {
    self.document = document
    if document["openapi"]?.string?.hasPrefix("3.1.") != true { found.append("openapi is no 3.1") }
    for path in [["info", "title"], ["info", "version"]] where document[path: path]?.string == nil {
      found.append("\(path) is missing")
    }
    checkOperations()
    for (name, schema) in document[path: ["components", "schemas"]]?.object ?? [:] {
      let isValidName = name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || ".-_".contains($0)) }
      if !isValidName { found.append("\(name) is no name of a component") }
      check(schema, at: name)
    }
    for reference in Self.references(in: document) where !leadsSomewhere(reference) {
      found.append("\(reference) leads nowhere")
    }
  }

  private mutating func checkOperations() {
    var names: Set<String> = []
    let tags = Set((document["tags"]?.array ?? []).compactMap { $0["name"]?.string })
    let schemes = Set((document[path: ["components", "securitySchemes"]]?.object ?? [:]).keys)
    checkSecurity(document["security"], schemes, at: "the document")
    for (path, item) in document["paths"]?.object ?? [:] {
      if !path.hasPrefix("/") { found.append("\(path) is no path") }
      for (method, operation) in item.object ?? [:] {
        if method != "post" { found.append("\(path): \(method)") }
        if !names.insert(operation["operationId"]?.string ?? "").inserted { found.append("\(path): its id is taken") }
        if !tags.isSuperset(of: (operation["tags"]?.array ?? []).compactMap(\.string)) { found.append("\(path): tags") }
        checkSecurity(operation["security"], schemes, at: path)
        checkContent(operation["requestBody"], at: path)
        let responses = operation["responses"]?.object ?? [:]
        if responses.isEmpty { found.append("\(path): no responses") }
        for (code, response) in responses {
          if code != "default", Int(code).map({ 100...599 ~= $0 }) != true { found.append("\(path): \(code)") }
          if response["$ref"] == nil { checkResponse(response, at: path) }
        }
      }
    }
    for (name, response) in document[path: ["components", "responses"]]?.object ?? [:] {
      checkResponse(response, at: name)
    }
  }

  private mutating func checkResponse(_ response: JSON, at place: String) {
    if response["description"]?.string == nil { found.append("\(place): a response without description") }
    checkContent(response, at: place)
  }

  private mutating func checkContent(_ holder: JSON?, at place: String) {
    let content = holder?["content"]?.object ?? [:]
    if content.isEmpty { found.append("\(place): no content") }
    for (type, media) in content {
      guard let schema = media["schema"] else {
        found.append("\(place): no schema for \(type)")
        continue
      }
      check(schema, at: place)
    }
  }

  private mutating func checkSecurity(_ security: JSON?, _ schemes: Set<String>, at place: String) {
    for requirement in security?.array ?? [] where !schemes.isSuperset(of: (requirement.object ?? [:]).keys) {
      found.append("\(place): an unknown security scheme")
    }
  }

  private mutating func check(_ schema: JSON, at place: String) {
    let keywords: Set = [
      "type", "format", "enum", "items", "properties", "additionalProperties", "required", "anyOf", "$ref",
    ]
    let types: Set = ["object", "array", "string", "integer", "number", "boolean", "null"]
    guard let members = schema.object else { return found.append("\(place): a schema is no object") }
    for keyword in members.keys where !keywords.contains(keyword) { found.append("\(place): \(keyword)") }
    if let type = members["type"], !types.contains(type.string ?? "") { found.append("\(place): type \(type.text)") }
    if let choices = members["enum"], choices.array?.isEmpty != false { found.append("\(place): an empty enum") }
    if members["type"] == "array", members["items"] == nil { found.append("\(place): a list of what?") }
    let properties = members["properties"]?.object ?? [:]
    for name in members["required"]?.array ?? [] where properties[name.string ?? ""] == nil {
      found.append("\(place): \(name.text) is required and not described")
    }
    for (name, property) in properties { check(property, at: "\(place).\(name)") }
    for option in members["anyOf"]?.array ?? [] { check(option, at: place) }
    for inner in [members["items"], members["additionalProperties"]].compactMap({ $0 }) { check(inner, at: place) }
  }

  private func leadsSomewhere(_ reference: String) -> Bool {
    let path = reference.split(separator: "/")
    return path.first == "#" && document[path: path.dropFirst().map(String.init)] != nil
  }

  static func references(in json: JSON) -> Set<String> {
    switch json {
    case .array(let elements): elements.reduce(into: []) { $0.formUnion(references(in: $1)) }
    case .object(let members):
      members.values.reduce(into: Set([members["$ref"]?.string].compactMap(\.self))) {
        $0.formUnion(references(in: $1))
      }
    default: []
    }
  }
}

import StintModel
import StintWire
import Testing

@Suite struct SchemaTests {
  private let catalogue = SchemaCatalogue()

  private func properties<Value: Decodable>(_ type: Value.Type) throws -> [Schema.Property] {
    guard case .named(let name) = catalogue.schema(of: type) else { return [] }
    return try #require(catalogue.objects[name])
  }

  @Test("a request's properties have the wire's names, in order, and know whether they are required")
  func request() throws {
    #expect(
      try properties(Flat.self) == [
        .init("task", .text, isRequired: true), .init("batch_size", .integer), .init("navigate_earlier", .boolean),
        .init("from_timestamp", .number),
      ])
  }

  @Test("choices, lists, maps and nested objects are told as such")
  func shapes() throws {
    let properties = try properties(Tasks.Create.Request.self)
    func schema(_ name: String) -> Schema? { properties.first { $0.name == name }?.schema }
    #expect(schema("type") == .choice(TaskType.allCases.map(\.rawValue)))
    #expect(properties.first { $0.name == "type" }?.isRequired == true)
    #expect(schema("system_tags") == .list(.text))
    #expect(schema("hyperparams") == .map(.map(.named("ParamsItem"))))
    #expect(schema("script") == .named("Script"))
    #expect(catalogue.objects["ParamsItem"]?.map(\.name) == ["section", "name", "value", "type", "description"])
    #expect(catalogue.objects["Script"]?.contains { $0.name == "requirements" && $0.schema == .map(.anything) } == true)
    #expect(catalogue.opaque.isEmpty)
  }

  @Test("elements that may be null are told as such")
  func nullable() throws {
    let properties = try properties(Projects.GetUserNames.Request.self)
    #expect(properties.first { $0.name == "projects" }?.schema == .list(.nullable(.text)))
  }

  @Test("a required object that holds others is described down to its leaves")
  func nested() throws {
    #expect(try properties(Outer.self) == [.init("inner", .named(name("Inner")), isRequired: true)])
    #expect(
      catalogue.objects[name("Inner")] == [
        .init("kind", .choice(["a", "b"]), isRequired: true), .init("values", .list(.number), isRequired: true),
      ])
  }

  @Test("a type that contains itself is described once")
  func recursive() throws {
    let properties = try properties(Tree.self)
    let tree = Schema.named(name("Tree"))
    #expect(
      properties == [
        .init("children", .list(tree), isRequired: true), .init("by_name", .map(tree)),
        .init("label", .text, isRequired: true),
      ])
  }

  @Test("a type that is decoded in its own way is anything, and named as opaque")
  func opaque() throws {
    let properties = try properties(Holder.self)
    #expect(properties == [.init("picky", .anything), .init("count", .integer, isRequired: true)])
    #expect(catalogue.opaque == [name("Picky")])
  }

  @Test("schemas are written in the words of JSON Schema")
  func json() {
    #expect(
      Schema.list(.nullable(.text)).json == [
        "type": "array", "items": ["anyOf": [["type": "string"], ["type": "null"]]],
      ])
    #expect(Schema.choice(["x"]).json == ["type": "string", "enum": ["x"]])
    #expect(
      Schema.object([.init("a", .named("B"), isRequired: true), .init("c", .map(.anything))]) == [
        "type": "object", "required": ["a"],
        "properties": [
          "a": ["$ref": "#/components/schemas/B"], "c": ["type": "object", "additionalProperties": [:]],
        ],
      ])
  }

  private func name(_ type: String) -> String { "SchemaTests." + type }
}

extension SchemaTests {
  enum Kind: String, Codable, CaseIterable { case a, b }

  struct Flat: Codable {
    var task: String
    var batchSize: Int?
    var navigateEarlier: Bool?
    var fromTimestamp: Double?
  }

  struct Outer: Codable { var inner: Inner }

  struct Inner: Codable {
    var kind: Kind
    var values: [Double]
  }

  struct Tree: Codable {
    var children: [Tree]
    var byName: [String: Tree]?
    var label: String
  }

  struct Picky: Codable {
    init(from decoder: any Decoder) throws {
      guard try decoder.singleValueContainer().decode(String.self) == "right" else {
        throw FieldError.missing(path: [])
      }
    }
  }

  struct Holder: Codable {
    var picky: Picky?
    var count: Int
  }
}

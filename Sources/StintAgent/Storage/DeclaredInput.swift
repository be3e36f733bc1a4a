import StintClient
import StintConfig
import StintRuntime
import StintWire

/// Something that a task wants to find in its folder when it starts.
struct DeclaredInput: Sendable, Equatable {
  /// Where it can be had.
  enum Source: Sendable, Equatable {
    case url(String)
    case model(String)
    case artifact(task: String, name: String)
    /// All files of a dataset's own version.
    case dataset(String)
  }

  var source: Source
  var hash: String?
  var kind: ContentKind
  /// Where it is to be, below the folder of the inputs; nil for its own name.
  var path: String?
  /// Whether the task cannot be run without.
  var isRequired = true
}

/// Why the inputs of a task cannot be had.
enum InputError: Error, Equatable, CustomStringConvertible {
  case unreadable(String)
  case badPath(String)
  case noHash(String)
  case badHash(String)
  case missing(String)
  case taken(path: String)

  var description: String {
    switch self {
    case .unreadable(let reason): "`\(DeclaredInput.section)` of the task is not understood: \(reason)"
    case .badPath(let path):
      "the input's path `\(path)` leads out of the task's folder. Name one below it, as data/a.bin."
    case .noHash(let url):
      "the input \(url.withoutSecrets) is declared without its SHA-256. Add \"sha256\", or #sha256=… to its address."
    case .badHash(let hash): "`\(hash.prefix(80))` is no SHA-256, which has 64 hexadecimal digits."
    case .missing(let what): "the input \(what) does not exist."
    case .taken(let path): "two inputs are to be \(path). Give one of them another path."
    }
  }
}

extension DeclaredInput {
  /// The name of the configuration object, and of the section of hyperparameters, that inputs are declared in.
  static let section = "stint_inputs"

  /// All inputs of a task: those in its configuration object, those in its hyperparameters, and its input models, where
  /// these are wanted.
  static func all(of record: TaskRecord, fetchesModels: Bool = true) throws -> [DeclaredInput] {
    var inputs: [DeclaredInput] = []
    if let text = record.configuration?[section]?.value, !text.allSatisfy(\.isWhitespace) {
      inputs += try list(in: text)
    }
    for (name, item) in (record.hyperparams?[section] ?? [:]).sorted(by: { $0.key < $1.key }) {
      guard let value = item.value, !value.isEmpty else { continue }
      inputs.append(try input(.string(value), path: name))
    }
    guard fetchesModels else { return inputs }
    for item in record.models?.input ?? [] where !inputs.contains(where: { $0.source == .model(item.model) }) {
      inputs.append(DeclaredInput(source: .model(item.model), kind: .models, path: nil, isRequired: false))
    }
    return inputs
  }

  /// A list, an object that names each input's path, or one input; as JSON or HOCON.
  private static func list(in text: String) throws -> [DeclaredInput] {
    let value: ConfigValue
    do {
      value = text.first { !$0.isWhitespace } == "[" ? try HOCON.value(text) : try HOCON.parse(text)
    } catch {
      throw InputError.unreadable("\(error)")
    }
    if let array = value.asArray { return try array.map { try input($0, path: nil) } }
    guard let object = value.asObject else { throw InputError.unreadable("a list of inputs is expected") }
    if ["url", "model", "artifact", "dataset"].contains(where: { object[$0]?.asString != nil }) {
      return [try input(value, path: nil)]
    }
    return try object.map { path, value in try input(value, path: path) }
  }

  private static func input(_ value: ConfigValue, path: String?) throws -> DeclaredInput {
    if let address = value.asString { return try input(address: address, path: path) }
    func text(_ key: String) -> String? { value.asObject?[key]?.asString.flatMap { $0.isEmpty ? nil : $0 } }
    var input: DeclaredInput
    if let url = text("url") {
      input = try self.input(address: url, path: path)
    } else if let model = text("model") {
      input = DeclaredInput(source: .model(model), kind: .models, path: path)
    } else if let task = text("task"), let name = text("artifact") {
      input = DeclaredInput(source: .artifact(task: task, name: name), kind: .datasets, path: path)
    } else if let dataset = text("dataset") {
      input = DeclaredInput(source: .dataset(dataset), kind: .datasets, path: path)
    } else {
      throw InputError.unreadable("an input has a url, a model, a dataset, or a task and an artifact")
    }
    if let hash = text("sha256") { input.hash = hash }
    if let path = text("path") { input.path = path }
    if let kind = text("kind") { input.kind = Self.kind(kind) ?? input.kind }
    return input
  }

  /// An address as `https://host/file.bin#sha256=0123…`.
  private static func input(address: String, path: String?) throws -> DeclaredInput {
    let parts = address.split(separator: "#", maxSplits: 1)
    guard let url = parts.first, url.contains("://") else {
      throw InputError.unreadable("`\(address.prefix(80))` is no address as https://host/file")
    }
    var input = DeclaredInput(source: .url(String(url)), kind: .datasets, path: path)
    if parts.count == 2, parts[1].hasPrefix("sha256=") { input.hash = String(parts[1].dropFirst("sha256=".count)) }
    return input
  }

  private static func kind(_ name: String) -> ContentKind? {
    ContentKind(rawValue: name) ?? ContentKind(rawValue: name + "s")
  }
}

/// Paths below a folder.
enum InnerPath {
  /// The path without what means nothing; nil where it is empty or leads elsewhere.
  static func normalized(_ path: String) -> String? {
    guard !path.hasPrefix("/"), !path.utf8.contains(0), path.utf8.count <= 1024 else { return nil }
    let parts = path.split(separator: "/").filter { $0 != "." }
    guard !parts.isEmpty, !parts.contains(".."), parts.allSatisfy({ $0.utf8.count <= 255 }) else { return nil }
    return parts.joined(separator: "/")
  }
}

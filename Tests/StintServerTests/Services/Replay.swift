import StintModel
import StintWire

/// A call that was recorded with the stock server, and its answer.
struct RecordedCall: Sendable {
  /// Which of its scenario's calls this is, from 1.
  let number: Int
  let json: JSON

  var name: String { json["call"]?.string ?? "" }
  /// nil for a body that is no JSON and for other callers: the listener's business.
  var request: JSON? { json[path: ["request", "raw"]] == nil && json["auth"] == nil ? json["request"] : nil }
  var code: Int { json["code"]?.int ?? 0 }
  var subcode: Int { json["subcode"]?.int ?? 0 }
  var data: JSON { json["data"] ?? [:] }

  /// The calls of a scenario's file.
  static func all(in text: String) throws -> [RecordedCall] {
    try text.split(separator: "\n").map { try JSON(parsing: String($0)) }.filter { $0["call"] != nil }
      .enumerated().map { RecordedCall(number: $0.offset + 1, json: $0.element) }
  }
}

/// Plays a scenario against our services and notes how our answers differ. Extra fields are no difference.
struct Replay {
  private var identifiers: [String: String] = [:]

  /// How our answer to `recorded` differs: one line, or nil.
  mutating func difference(of recorded: RecordedCall, _ server: ServicesFixture) async -> String? {
    guard let request = recorded.request.flatMap(resolved) else { return nil }
    let answer: JSON
    do {
      answer = try await server.call(recorded.name, request)
    } catch {
      guard let error = WireError(describing: error) else { return "failed: \(error)" }
      if (error.code, error.subcode) == (recorded.code, recorded.subcode) { return nil }
      return "\(error.code)/\(error.subcode) and not \(recorded.code)/\(recorded.subcode): \(error.message)"
    }
    guard recorded.code == 200 else { return "200 and not \(recorded.code)/\(recorded.subcode)" }
    return compare(answer, to: recorded.data, at: "data")
  }

  /// A request with our identifiers in it; nil when it needs one that we have not seen.
  private func resolved(_ json: JSON) -> JSON? {
    switch json {
    case .string(let text):
      if Self.isName(text) { return identifiers[text].map(JSON.string) }
      return .string(text.replacing("<time>", with: "2020-01-01T00:00:00"))
    case .array(let elements):
      let resolved = elements.compactMap(resolved)
      return resolved.count == elements.count ? .array(resolved) : nil
    case .object(let members):
      let resolved = members.compactMapValues(resolved)
      return resolved.count == members.count ? .object(resolved) : nil
    default: return json
    }
  }

  private mutating func compare(_ ours: JSON, to theirs: JSON, at path: String) -> String? {
    switch (ours, theirs) {
    case (.object(let ours), .object(let theirs)):
      // To the end, whatever differs: there may be identifiers that later calls need.
      var first: String?
      for (name, value) in theirs.sorted(by: { $0.key < $1.key }) where !value.isNull && !Self.isWords(name) {
        let difference =
          if let mine = ours[name] { compare(mine, to: value, at: "\(path).\(name)") } else {
            "\(path).\(name) is missing"
          }
        first = first ?? difference
      }
      return first
    case (.array(let ours), .array(let theirs)):
      guard ours.count == theirs.count else { return "\(path) has \(ours.count) elements and not \(theirs.count)" }
      for (index, pair) in zip(ours, theirs).enumerated() {
        if let difference = compare(pair.0, to: pair.1, at: "\(path)[\(index)]") { return difference }
      }
      return nil
    case (.string(let ours), .string(let theirs)): return compare(ours, to: theirs, at: path)
    default:
      if let ours = ours.double, let theirs = theirs.double, ours == theirs { return nil }
      // How long it took is the machine's affair.
      if path.hasSuffix(".active_duration"), ours.int != nil { return nil }
      return ours == theirs ? nil : "\(path) is \(ours.text.prefix(60)) and not \(theirs.text.prefix(60))"
    }
  }

  private mutating func compare(_ ours: String, to theirs: String, at path: String) -> String? {
    if theirs == "<time>" { return Timestamp(ours) == nil ? "\(path) is no time: \(ours)" : nil }
    if Self.isName(theirs) {
      guard let known = identifiers[theirs] else {
        identifiers[theirs] = ours
        return nil
      }
      return ours == known ? nil : "\(path) is another identifier than before"
    }
    if theirs.contains("$id") || theirs.contains("<") { return nil }
    return ours == theirs ? nil : "\(path) is \"\(ours.prefix(60))\" and not \"\(theirs.prefix(60))\""
  }

  /// Whether a text stands for an identifier or a key.
  private static func isName(_ text: String) -> Bool {
    ["$id", "$key", "$secret"].contains(where: text.hasPrefix) && !text.contains(" ")
  }

  /// Sentences for people.
  private static func isWords(_ name: String) -> Bool { name == "msg" }
}

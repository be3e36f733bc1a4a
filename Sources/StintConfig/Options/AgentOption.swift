/// An option of the configuration's `agent` section, and what this agent does with it.
///
///     for remark in AgentOption.remarks(on: settings.raw) { logger.warning("\(remark)") }
package struct AgentOption: Sendable, Equatable {
  /// What becomes of an option.
  package enum Effect: Sendable, Equatable {
    /// It does this.
    case honoured(String)
    /// It changes nothing, for this reason.
    case ignored(String)
  }

  /// The whole path, as `agent.git_user`.
  package let path: String
  /// What becomes of it.
  package let effect: Effect
  /// The value in the configuration that clearml-agent writes, which says nothing about what its owner wants.
  let published: ConfigValue?

  /// Other settings of the section without which it does nothing.
  let condition: ConfigValue?

  static func honoured(_ name: String, _ sentence: String, besides condition: ConfigValue? = nil) -> AgentOption {
    AgentOption(path: "agent.\(name)", effect: .honoured(sentence), published: nil, condition: condition)
  }

  static func ignored(_ name: String, _ reason: String, unless published: ConfigValue? = nil) -> AgentOption {
    AgentOption(path: "agent.\(name)", effect: .ignored(reason), published: published, condition: nil)
  }

  /// Every option that clearml-agent publishes and every one of this agent's own, by topic.
  package static let all = work + code + python + packages + caches + storage + containers + logs

  /// What a person should know about the `agent` section of a configuration: what is set in vain, and what is unknown.
  package static func remarks(on configuration: ConfigValue) -> [AgentOptionRemark] {
    guard case .object(let section)? = configuration["agent"] else { return [] }
    var remarks: [AgentOptionRemark] = []
    look(at: section, below: ["agent"], &remarks)
    return remarks
  }

  private static let byPath = Dictionary(all.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })

  private static func look(at object: ConfigObject, below parents: [String], _ remarks: inout [AgentOptionRemark]) {
    for (key, value) in object {
      let path = (parents + [key]).joined(separator: ".")
      if let option = byPath[path] {
        guard case .ignored(let reason) = option.effect, !option.isUnset(by: value) else { continue }
        remarks.append(AgentOptionRemark(path: path, kind: .ignored(reason)))
      } else if case .object(let inner) = value, byPath.keys.contains(where: { $0.hasPrefix(path + ".") }) {
        look(at: inner, below: parents + [key], &remarks)
      } else {
        remarks.append(AgentOptionRemark(path: path, kind: .unknown(nearest: nearest(to: path))))
      }
    }
  }

  /// Whether `value` asks for nothing.
  private func isUnset(by value: ConfigValue) -> Bool {
    switch value {
    case .null, .string(""): return true
    case .object(let object) where object.count == 0: return true
    default: break
    }
    guard let published else { return value == [] || value == false }
    if value == published { return true }
    if let text = value.asString, let other = published.asString { return text == other }
    return value.asStrings != nil && value.asStrings == published.asStrings
  }

  private static func nearest(to path: String) -> String? {
    let candidates = all.map { (path: $0.path, distance: EditDistance.between($0.path, path)) }
    return candidates.filter { $0.distance <= 3 }.min { $0.distance < $1.distance }?.path
  }
}

/// Something in a configuration that does not do what its owner may think.
package struct AgentOptionRemark: Sendable, Equatable, CustomStringConvertible {
  package enum Kind: Sendable, Equatable {
    /// It has no effect, for this reason.
    case ignored(String)
    /// No such option is known.
    case unknown(nearest: String?)
  }

  /// The option's whole path.
  package let path: String
  package let kind: Kind

  package var description: String {
    switch kind {
    case .ignored(let reason): "\(path) is set and has no effect: \(reason)"
    case .unknown(let nearest?): "\(path) is not known and has no effect. Is \(nearest) meant?"
    case .unknown(nil): "\(path) is not known and has no effect."
    }
  }
}

/// How many letters must be changed to make one word of another.
enum EditDistance {
  static func between(_ first: String, _ second: String) -> Int {
    let (first, second) = (Array(first.utf8), Array(second.utf8))
    // Half a page of settings is judged at a glance; a hostile name is not.
    guard first.count <= 200, second.count <= 200 else { return .max }
    var row = Array(0...second.count)
    for (i, letter) in first.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, other) in second.enumerated() {
        let replaced = diagonal + (letter == other ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, row[j + 1] + 1, row[j] + 1)
      }
    }
    return row[second.count]
  }
}

/// The fields of an object, in the order in which they first appeared. Order does not count in comparisons.
package struct ConfigObject: Sendable, Equatable {
  /// The names of the fields, oldest first.
  package private(set) var keys: [String] = []
  private var values: [String: ConfigValue] = [:]

  /// An object without fields.
  package init() {}

  /// How many fields there are.
  package var count: Int { keys.count }

  /// The field with this exact name; a dot in it has no meaning. Assigning nil removes the field.
  package subscript(key: String) -> ConfigValue? {
    get { values[key] }
    set {
      guard let newValue else {
        if values.removeValue(forKey: key) != nil { keys.removeAll { $0 == key } }
        return
      }
      if values.updateValue(newValue, forKey: key) == nil { keys.append(key) }
    }
  }

  /// These fields with those of `other` on top: objects merge, anything else is replaced.
  package func merging(_ other: ConfigObject) -> ConfigObject {
    var merged = self
    merged.merge(other)
    return merged
  }

  /// Puts the fields of `other` on top of these.
  package mutating func merge(_ other: ConfigObject) {
    for (key, value) in other {
      self[key] = self[key]?.merging(value) ?? value
    }
  }

  /// The same fields, each with its value transformed.
  package func mapValues(_ transform: (String, ConfigValue) -> ConfigValue) -> ConfigObject {
    var mapped = ConfigObject()
    for (key, value) in self { mapped[key] = transform(key, value) }
    return mapped
  }

  package static func == (left: Self, right: Self) -> Bool {
    left.values == right.values
  }
}

extension ConfigObject: Sequence {
  /// Visits the fields in order.
  package func makeIterator() -> some IteratorProtocol<(String, ConfigValue)> {
    keys.lazy.compactMap { key in values[key].map { (key, $0) } }.makeIterator()
  }
}

extension ConfigValue {
  /// The value at a dotted path such as `agent.git_user`, or nil. Quotes keep a dot in a key; a number picks a list element.
  package subscript(path: String) -> ConfigValue? {
    guard let keys = try? HOCON.path(path) else { return nil }
    return self[keys]
  }

  /// The value below these keys, or nil.
  package subscript(keys: [String]) -> ConfigValue? {
    var value = self
    for key in keys {
      switch value {
      case .object(let object):
        guard let next = object[key] else { return nil }
        value = next
      case .array(let elements):
        guard let index = Int(key), elements.indices.contains(index) else { return nil }
        value = elements[index]
      default:
        return nil
      }
    }
    return value
  }

  /// This value with `other` on top: two objects merge field by field, otherwise `other` wins.
  package func merging(_ other: ConfigValue) -> ConfigValue {
    guard case .object(let mine) = self, case .object(let theirs) = other else { return other }
    return .object(mine.merging(theirs))
  }

  /// The object that holds nothing but `value`, below these keys.
  package static func nested(_ value: ConfigValue, at keys: [String]) -> ConfigValue {
    keys.reversed().reduce(value) { inner, key in [key: inner] }
  }
}

/// Replaces references by what they refer to. Fields are resolved one by one, on demand, so that an object may refer to
/// its own parts; a field that refers to itself sees its earlier value.
struct HOCONResolver {
  /// A value with its cost, so that references to references cannot grow without bound.
  struct Resolved {
    var value: ConfigValue
    var depth: Int
    var weight: Int
  }

  enum Found {
    case value(Resolved)
    /// Nothing here, but an earlier assignment may have it.
    case absent
    /// A simple value stands where the path wants to go on, and hides what is below.
    case hidden
  }

  private struct Assignment {
    let field: HOCONField
    let index: Int
  }

  let root: HOCONNode
  let source: HOCONSource
  let environment: [String: String]

  private var steps = 0
  private var nesting = 0
  private var copiedBytes = 0
  private var brokenCycles = 0
  private var lastReference = 0

  init(root: HOCONNode, source: HOCONSource, environment: [String: String]) {
    self.root = root
    self.source = source
    self.environment = environment
  }

  /// The whole document's value; nil where all of it is an optional reference to nothing.
  mutating func resolveDocument() throws(HOCONError) -> ConfigValue? {
    guard case .value(let resolved) = try find([], in: root, within: nil) else { return nil }
    return resolved.value
  }

  // MARK: Fields

  private mutating func find(_ path: ArraySlice<String>, in field: HOCONField) throws(HOCONError) -> Found {
    if let horizon = field.horizon {
      brokenCycles += 1
      return try find(path, in: field, before: horizon)
    }
    guard path.isEmpty else { return try find(path, in: field, before: field.assignments.count) }
    switch field.state {
    case .resolved(let found): return found
    case .resolving: throw cycle()
    case .untouched: break
    }
    field.state = .resolving
    do {
      let found = try find([], in: field, before: field.assignments.count)
      field.state = .resolved(found)
      return found
    } catch {
      field.state = .untouched
      throw error
    }
  }

  private mutating func find(
    _ path: ArraySlice<String>, in field: HOCONField, before end: Int
  ) throws(HOCONError) -> Found {
    var layers = Layers()
    for index in (0..<end).reversed() {
      let within = Assignment(field: field, index: index)
      if layers.isComplete(with: try find(path, in: field.assignments[index], within: within)) { break }
    }
    return layers.found
  }

  // MARK: Nodes

  private mutating func find(
    _ path: ArraySlice<String>, in node: HOCONNode, within assignment: Assignment?
  ) throws(HOCONError) -> Found {
    if !path.isEmpty { steps += 1 }
    nesting += 1
    defer { nesting -= 1 }
    guard steps < HOCON.Limits.steps, nesting < HOCON.Limits.references else {
      throw source.error(at: lastReference, "The references are nested too deeply; point them at values directly.")
    }
    switch node {
    case .simple(let value):
      return path.isEmpty ? .value(Resolved(value)) : .hidden
    case .array(let array):
      return path.isEmpty ? .value(try resolve(array)) : .hidden
    case .object(let object):
      guard let key = path.first else { return .value(try resolve(object)) }
      guard let field = object.fields[key] else { return .absent }
      return try find(path.dropFirst(), in: field)
    case .reference(let reference):
      return try follow(reference, then: path, within: assignment)
    case .joined(let parts, let offset):
      guard !path.isEmpty else { return try join(parts, offset: offset, within: assignment) }
      var layers = Layers()
      for part in parts.reversed() {
        if layers.isComplete(with: try find(path, in: part, within: assignment)) { break }
      }
      return layers.found
    case .previous:
      guard let assignment else { return .absent }
      return try find(path, in: assignment.field, before: assignment.index)
    case .space:
      return .absent
    }
  }

  private mutating func resolve(_ array: HOCONArray) throws(HOCONError) -> Resolved {
    var elements: [ConfigValue] = []
    var (depth, weight) = (0, 1)
    for node in array.elements {
      guard case .value(let element) = try find([], in: node, within: nil) else { continue }
      elements.append(element.value)
      depth = max(depth, element.depth)
      weight += element.weight
    }
    return try checked(Resolved(value: .array(elements), depth: depth + 1, weight: weight))
  }

  private mutating func resolve(_ object: HOCONObject) throws(HOCONError) -> Resolved {
    var fields = ConfigObject()
    var (depth, weight) = (0, 1)
    for key in object.keys {
      guard let field = object.fields[key], case .value(let value) = try find([], in: field) else { continue }
      fields[key] = value.value
      depth = max(depth, value.depth)
      weight += value.weight + key.utf8.count
    }
    return try checked(Resolved(value: .object(fields), depth: depth + 1, weight: weight))
  }

  // MARK: References

  private mutating func follow(
    _ reference: HOCONReference, then path: ArraySlice<String>, within assignment: Assignment?
  ) throws(HOCONError) -> Found {
    steps += 1
    lastReference = reference.offset
    let horizon = assignment?.field.horizon
    assignment?.field.horizon = assignment?.index
    defer { assignment?.field.horizon = horizon }
    let cyclesBefore = brokenCycles

    let found = try find((reference.path + path)[...], in: root, within: nil)
    if case .value(let resolved) = found {
      copiedBytes += resolved.weight
      guard copiedBytes < HOCON.Limits.copiedBytes else {
        throw source.error(at: reference.offset, "The references repeat so much text that the result is too large.")
      }
      return found
    }
    guard path.isEmpty else { return found }
    let name = reference.path.joined(separator: ".")
    if let text = environment[name], !text.isEmpty { return .value(Resolved(.string(text))) }
    if reference.isOptional { return .absent }
    lastReference = reference.offset
    if brokenCycles > cyclesBefore { throw cycle() }
    throw source.error(
      at: reference.offset,
      "${\(name)} is neither defined in this document nor an environment variable; define it, or write ${?\(name)}.")
  }

  private mutating func join(
    _ parts: [HOCONNode], offset: Int, within assignment: Assignment?
  ) throws(HOCONError) -> Found {
    var joined = Joined()
    for part in parts {
      if case .space(let space) = part {
        joined.text += space
      } else if case .value(let next) = try find([], in: part, within: assignment) {
        guard joined.append(next) else {
          throw source.error(
            at: offset,
            "Text, a list and an object cannot be joined into one value; a comma, a line break or quotes are missing.")
        }
      }
    }
    guard let resolved = joined.resolved else { return .absent }
    return .value(try checked(resolved))
  }

  private func checked(_ resolved: Resolved) throws(HOCONError) -> Resolved {
    guard resolved.depth <= HOCON.Limits.nesting else {
      throw source.error(at: lastReference, "The references nest values more than \(HOCON.Limits.nesting) levels deep.")
    }
    return resolved
  }

  private func cycle() -> HOCONError {
    source.error(
      at: lastReference, "This reference leads back to itself; give one of the values on the way a plain value.")
  }
}

extension HOCONResolver {
  /// Collects what the assignments to one place have to say, latest first.
  private struct Layers {
    private var objects: [Resolved] = []
    private var bottom = Found.absent

    /// Adds the next older layer, and says whether older ones cannot matter any more.
    mutating func isComplete(with older: Found) -> Bool {
      switch older {
      case .absent:
        return false
      case .hidden:
        bottom = older
        return true
      case .value(let resolved):
        guard case .object = resolved.value else {
          bottom = older
          return true
        }
        objects.append(resolved)
        return false
      }
    }

    /// The objects merged; without one, the simple value.
    var found: Found {
      guard var merged = objects.last else { return bottom }
      for newer in objects.dropLast().reversed() { merged.merge(newer) }
      return .value(merged)
    }
  }

  /// Values side by side that become one: text, a list or an object.
  private struct Joined {
    var text = ""
    private var kind: String?
    private var container: Resolved?

    /// Adds a value; false where it is not of the same kind as those before.
    mutating func append(_ next: Resolved) -> Bool {
      let isText = next.value.asArray == nil && next.value.asObject == nil
      let nextKind = isText ? "text" : next.value.kind
      guard kind == nil || kind == nextKind else { return false }
      kind = nextKind
      if isText {
        text += next.value.asString ?? "null"
      } else if container == nil {
        container = next
      } else {
        container?.merge(next)
      }
      return true
    }

    /// What came together; nil where nothing did.
    var resolved: Resolved? {
      kind == "text" ? Resolved(.string(text)) : container
    }
  }
}

extension HOCONResolver.Resolved {
  fileprivate init(_ value: ConfigValue) {
    self.init(value: value, depth: 0, weight: 1 + (value.asString?.utf8.count ?? 0))
  }

  /// Appends a list to a list, in place, or puts an object on top of an object.
  fileprivate mutating func merge(_ later: Self) {
    depth = max(depth, later.depth)
    weight += later.weight
    if case .array(let second) = later.value, case .array(var first) = value {
      value = .null
      first += second
      value = .array(first)
    } else if case .object(let second) = later.value, case .object(var first) = value {
      value = .null
      first.merge(second)
      value = .object(first)
    } else {
      value = later.value
    }
  }
}

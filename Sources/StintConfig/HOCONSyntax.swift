/// What the parser understood before references are resolved.
enum HOCONNode {
  case simple(ConfigValue)
  case array(HOCONArray)
  case object(HOCONObject)
  case reference(HOCONReference)
  /// Values side by side, with the white space between them: joined once every reference is known.
  case joined([HOCONNode], offset: Int)
  case space(String)
  /// What the field held before this assignment; how `+=` begins.
  case previous
}

/// `${path}` or `${?path}`.
struct HOCONReference {
  let path: [String]
  let isOptional: Bool
  let offset: Int
}

/// A list literal; a class, so that `+=` extends it in place.
final class HOCONArray {
  var elements: [HOCONNode]

  init(_ elements: [HOCONNode] = []) {
    self.elements = elements
  }
}

/// An object literal, with the assignments to each field in order.
final class HOCONObject {
  private(set) var keys: [String] = []
  private(set) var fields: [String: HOCONField] = [:]

  /// The field at `path`, with the objects on the way made as needed; nil only for an empty path.
  func field(at path: [String]) -> HOCONField? {
    guard var key = path.first else { return nil }
    var object = self
    for next in path.dropFirst() {
      object = object.field(named: key).objectOnTop()
      key = next
    }
    return object.field(named: key)
  }

  /// Takes over the fields of a later object with the same place.
  func absorb(_ later: HOCONObject) {
    for key in later.keys {
      guard let field = later.fields[key] else { continue }
      if let mine = fields[key] {
        field.assignments.forEach(mine.assign)
      } else {
        keys.append(key)
        fields[key] = field
      }
    }
  }

  private func field(named key: String) -> HOCONField {
    if let field = fields[key] { return field }
    let field = HOCONField()
    keys.append(key)
    fields[key] = field
    return field
  }
}

/// One field: every assignment that may still matter, oldest first, and how far its resolution has come.
final class HOCONField {
  enum State {
    case untouched, resolving
    case resolved(HOCONResolver.Found)
  }

  private(set) var assignments: [HOCONNode] = []
  var state = State.untouched
  /// While a reference in this assignment is followed, the field itself is seen as it was before it.
  var horizon: Int?

  func assign(_ node: HOCONNode) {
    switch (node, assignments.last) {
    case (.object(let later), .object(let earlier)):
      earlier.absorb(later)
    case (.simple, _), (.array, _), (.object, .simple), (.object, .array):
      assignments = [node]
    default:
      assignments.append(node)
    }
  }

  func append(_ node: HOCONNode, offset: Int) {
    switch assignments.last {
    case .array(let array):
      array.elements.append(node)
    case .joined(let parts, _):
      guard case .array(let array) = parts.last else { fallthrough }
      array.elements.append(node)
    default:
      assignments.append(.joined([.previous, .array(HOCONArray([node]))], offset: offset))
    }
  }

  func objectOnTop() -> HOCONObject {
    if case .object(let object) = assignments.last { return object }
    let object = HOCONObject()
    assign(.object(object))
    return object
  }
}

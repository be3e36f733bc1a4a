import GRDB
import StintWire
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension DatabaseFunction {
  /// `matches(pattern, text)`: whether the pattern is found in the text; NULL matches nothing.
  static var matches: DatabaseFunction {
    let latest = Mutex<Pattern?>(nil)
    return DatabaseFunction("matches", argumentCount: 2, pure: true) { values in
      guard let regex = String.fromDatabaseValue(values[0]) else { return false }
      let text: String
      switch values[1].storage {
      case .string(let value): text = value
      case .int64(let value): text = String(value)
      case .double(let value): text = String(value)
      case .blob, .null: return false
      }
      let pattern = try latest.withLock { latest in
        if let latest, latest.text == regex { return latest }
        let pattern = try Pattern(regex)
        latest = pattern
        return pattern
      }
      return pattern.matches(text)
    }
  }
}

extension DatabaseCollation {
  /// Texts that are numbers first, by their value, then the others by their letters.
  static var numeric: DatabaseCollation {
    DatabaseCollation("numeric") { first, second in
      let (left, right) = (Double(first), Double(second))
      if let left, let right, left != right { return left < right ? .orderedAscending : .orderedDescending }
      if (left == nil) != (right == nil) { return left != nil ? .orderedAscending : .orderedDescending }
      return first == second ? .orderedSame : first < second ? .orderedAscending : .orderedDescending
    }
  }
}

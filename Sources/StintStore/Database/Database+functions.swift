import GRDB
import StintWire
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension DatabaseFunction {
  /// `matches(pattern, text, id)`: whether the pattern is found in the text; NULL matches nothing. The `id` is that of the
  /// `Pattern`: each use of one has its own time.
  static var matches: DatabaseFunction {
    let searches = Mutex<[Int: PatternSearch]>([:])
    return DatabaseFunction("matches", argumentCount: 3, pure: true) { values in
      guard let regex = String.fromDatabaseValue(values[0]), let id = Int.fromDatabaseValue(values[2]) else {
        return false
      }
      let text: String
      switch values[1].storage {
      case .string(let value): text = value
      case .int64(let value): text = String(value)
      case .double(let value): text = String(value)
      case .blob, .null: return false
      }
      return try searches.withLock { searches in
        // Those of queries that have ended.
        if searches.count > 64 { searches.removeAll() }
        if searches[id] == nil { searches[id] = PatternSearch(try Pattern(regex, field: "pattern")) }
        do throws(WireError) {
          return try searches[id]?.finds(in: text) ?? false
        } catch {
          // As a code: it is all that comes through SQLite.
          throw DatabaseError(resultCode: .SQLITE_INTERRUPT, message: error.message)
        }
      }
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

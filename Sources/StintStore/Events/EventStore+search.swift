import GRDB

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Where a log has a text.
package struct LogMatches: Sendable, Equatable {
  /// The places of the events, counted from 0 in the order of time.
  package var indexes: [Int] = []
  /// How many lines of each have the text.
  package var counts: [Int] = []
  /// Whether there are more than are told.
  package var isCut = false

  package init() {}
}

extension EventStore {
  /// The most events that a search tells of.
  private static let mostMatches = 10_000

  /// The events of a task's log that have `text`, upper and lower case of ASCII being the same. Escape sequences, by
  /// which terminals are told colours, are skipped.
  package func search(task: String, for text: String) async throws -> LogMatches {
    let wanted = text.utf8.map(lowercased)
    guard !wanted.isEmpty else { return LogMatches() }
    return try await database.read { db in
      var matches = LogMatches()
      guard let id = try db.eventTask(task) else { return matches }
      let statement = try db.cachedStatement(
        sql: "SELECT msg FROM logs WHERE task = ? ORDER BY timestamp, line")
      let rows = try Row.fetchCursor(statement, arguments: [id])
      var index = 0
      while let row = try rows.next() {
        defer { index += 1 }
        let count = try row.withUnsafeData(atIndex: 0) { data in
          data.map { $0.withUnsafeBytes { lines(of: $0, with: wanted) } } ?? 0
        }
        guard count > 0 else { continue }
        guard matches.indexes.count < Self.mostMatches else {
          matches.isCut = true
          break
        }
        matches.indexes.append(index)
        matches.counts.append(count)
      }
      return matches
    }
  }
}

private func lowercased(_ byte: UInt8) -> UInt8 {
  UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte
}

/// How many lines of `bytes` have `wanted`, whose letters are small.
private func lines(of bytes: UnsafeRawBufferPointer, with wanted: [UInt8]) -> Int {
  var plain: [UInt8] = []
  plain.reserveCapacity(bytes.count)
  var position = 0
  while position < bytes.count {
    if bytes[position] == 0x1B {
      position = endOfEscape(bytes, from: position)
    } else {
      plain.append(lowercased(bytes[position]))
      position += 1
    }
  }
  return plain.split(separator: UInt8(ascii: "\n")).count { contains($0, wanted) }
}

/// Behind `ESC [ parameters final`; behind the escape alone where it is no such sequence.
private func endOfEscape(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
  guard start + 1 < bytes.count, bytes[start + 1] == UInt8(ascii: "[") else { return start + 1 }
  var position = start + 2
  while position < bytes.count, 0x20...0x3F ~= bytes[position] { position += 1 }
  return min(position + 1, bytes.count)
}

private func contains(_ line: ArraySlice<UInt8>, _ wanted: [UInt8]) -> Bool {
  line.withUnsafeBytes { line in
    wanted.withUnsafeBytes { wanted in
      guard let first = wanted.first, line.count >= wanted.count else { return false }
      for start in 0...(line.count - wanted.count) where line[start] == first {
        if line[start..<start + wanted.count].elementsEqual(wanted) { return true }
      }
      return false
    }
  }
}

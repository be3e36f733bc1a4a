import Crypto
import GRDB

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Compares the contents on the disk with what the records say.
struct ContentCheck {
  let folder: DataFolder
  let isServed: Bool
  let readsContents: Bool

  /// How long a content of a running server may be without a record: its upload is about to end.
  private static let uploadSeconds = 60

  func findings(_ records: DatabaseQueue) throws -> [Checkup.Finding] {
    var kept: [String: Int] = [:]
    let recorded = try records.read { db in
      try Row.fetchAll(db, sql: "SELECT DISTINCT hash, size FROM files").map { row in
        (hash: row[0] as String, size: row[1] as Int)
      }
    }
    for (hash, size) in recorded { kept[hash] = size }
    var found: [Checkup.Finding] = []

    // What is deleted while we look has no record any more.
    let missing = try stillRecorded(kept.filter { fileSize($0.key) == nil }.map(\.key), records)
    if !missing.isEmpty {
      found.append(
        .init(
          "contents", .problem, "\(missing.count) files have lost their content: restore them from a backup",
          examples: missing))
    }
    let damaged = try stillRecorded(kept.filter { isDamaged($0.key, size: $0.value) }.map(\.key), records)
    if !damaged.isEmpty {
      found.append(
        .init("contents", .problem, "\(damaged.count) files are damaged: restore them from a backup", examples: damaged)
      )
    }
    let known = Set(kept.keys.map(DataFolder.location))
    let orphans = contentsOnDisk().filter { !known.contains($0.location) && !($0.isNew && isServed) }
    if !orphans.isEmpty {
      let bytes = orphans.reduce(0) { $0 + $1.size }
      found.append(
        .init(
          "contents", .warning, "\(orphans.count) contents (\(megabytes(bytes))) belong to no file: nothing needs them",
          examples: orphans.map(\.location)))
    }
    if found.isEmpty {
      let how = readsContents ? "were read and are whole" : "are there"
      found.append(.init("contents", .good, "\(kept.count) contents \(how) (\(megabytes(kept.values.reduce(0, +))))"))
    }
    return found
  }

  private func isDamaged(_ hash: String, size: Int) -> Bool {
    guard let actual = fileSize(hash) else { return false }
    guard actual == size else { return true }
    guard readsContents else { return false }
    var digest = SHA256()
    do {
      let file = try OpenFile(reading: "\(folder.path)/\(DataFolder.location(of: hash))")
      while case let chunk = try file.read(upTo: 1 << 20), !chunk.isEmpty { digest.update(data: chunk) }
    } catch {
      return true
    }
    return digest.finalize().hexadecimal != hash
  }

  /// Paths of the files that have one of these contents now.
  private func stillRecorded(_ hashes: [String], _ records: DatabaseQueue) throws -> [String] {
    try records.read { db in
      try hashes.flatMap { try String.fetchAll(db, sql: "SELECT path FROM files WHERE hash = ?", arguments: [$0]) }
        .sorted()
    }
  }

  private func fileSize(_ hash: String) -> Int? {
    var status = stat()
    return stat("\(folder.path)/\(DataFolder.location(of: hash))", &status) == 0 ? Int(status.st_size) : nil
  }

  private func contentsOnDisk() -> [(location: String, size: Int, isNew: Bool)] {
    let root = "\(folder.path)/\(DataFolder.contents)"
    var found: [(location: String, size: Int, isNew: Bool)] = []
    for first in names(root) where first.count == 2 {
      for second in names("\(root)/\(first)") {
        for name in names("\(root)/\(first)/\(second)") {
          let location = "\(DataFolder.contents)/\(first)/\(second)/\(name)"
          var status = stat()
          guard stat("\(folder.path)/\(location)", &status) == 0 else { continue }
          #if canImport(Glibc)
          let changed = status.st_ctim.tv_sec
          #else
          let changed = status.st_ctimespec.tv_sec
          #endif
          found.append((location, Int(status.st_size), time(nil) - changed < Self.uploadSeconds))
        }
      }
    }
    return found
  }

  private func names(_ path: String) -> [String] { (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] }
}

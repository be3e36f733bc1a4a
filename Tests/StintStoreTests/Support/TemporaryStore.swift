import StintModel
import StintStore
import StintWire

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A folder that goes away with the last reference to it.
final class TemporaryDirectory: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/stint-store-tests-" + randomIdentifier()
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func files(under folder: String) -> [String] {
    let paths = try? FileManager.default.subpathsOfDirectory(atPath: path + "/" + folder)
    return (paths ?? []).filter { name in
      var isFolder = false
      return FileManager.default.fileExists(atPath: "\(path)/\(folder)/\(name)", isDirectory: &isFolder) && !isFolder
    }
  }
}

/// Runs `body` with a store in a folder of its own.
func withStore<T>(_ body: (Store, TemporaryDirectory) async throws -> T) async throws -> T {
  let directory = try TemporaryDirectory()
  let store = try Store(directory: directory.path + "/data")
  defer { store.close() }
  return try await body(store, directory)
}

/// A generator whose numbers are the same in each run, so that a failure can be seen again.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}

extension Store {
  /// Stores documents in order.
  func add(_ documents: [JSON], to collection: StintStore.Collection) async throws {
    try await write { records in
      for document in documents { try records.put(collection, document) }
    }
  }

  /// The `id`s that a request finds, in order.
  func ids(_ request: JSON, in collection: StintStore.Collection = .tasks) async throws -> [String] {
    let query = try Query(parsing: request, for: collection)
    return try await read { try $0.find(collection, query).compactMap { $0["id"]?.string } }
  }
}

extension Store {
  /// Keeps a text under paths.
  func put(_ text: String, at paths: String...) async throws {
    for path in paths {
      let upload = try files.upload()
      try upload.append(text.utf8)
      _ = try await upload.finish(path: path)
    }
  }

  /// The text of a file.
  func text(at path: String) async throws -> String? {
    guard let file = try await files.open(path: path) else { return nil }
    return FileManager.default.contents(atPath: file.location).map { String(decoding: $0, as: UTF8.self) }
  }
}

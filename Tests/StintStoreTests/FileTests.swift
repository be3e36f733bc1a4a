import StintStore
import StintWire
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct FileTests {
  private func chunks(_ texts: String...) -> AsyncStream<[UInt8]> {
    AsyncStream { continuation in
      for text in texts { continuation.yield(Array(text.utf8)) }
      continuation.finish()
    }
  }

  private func content(_ file: StoredFile?) -> String? {
    file.flatMap { FileManager.default.contents(atPath: $0.location) }.map { String(decoding: $0, as: UTF8.self) }
  }

  @Test("a file comes back as it was uploaded, under its SHA-256")
  func upload() async throws {
    try await withStore { store, directory in
      let stored = try await store.files.put(path: "/p/./a b.txt", type: "text/plain", chunks: chunks("ab", "", "c"))

      #expect(stored.path == "p/a b.txt")
      #expect(stored.size == 3)
      #expect(stored.hash == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
      #expect(try await store.files.open(path: "p/a b.txt") == stored)
      #expect(content(stored) == "abc")
      #expect(directory.files(under: "data/files/incoming").isEmpty)
      #expect(try await store.files.open(path: "p") == nil)
    }
  }

  @Test("equal contents are kept once, and until the last path that has them is deleted")
  func deduplication() async throws {
    try await withStore { store, directory in
      let first = try await store.files.put(path: "a", chunks: chunks("same"))
      let second = try await store.files.put(path: "b", chunks: chunks("sa", "me"))
      #expect(first.location == second.location)
      #expect(directory.files(under: "data/files").count == 1)

      #expect(try await store.files.delete(path: "a"))
      #expect(content(try await store.files.open(path: "b")) == "same")
      #expect(try await store.files.delete(path: "b"))
      #expect(try await !store.files.delete(path: "b"))
      #expect(directory.files(under: "data/files").isEmpty)
    }
  }

  @Test("uploading to the same path again replaces the content and drops the old one")
  func replacement() async throws {
    try await withStore { store, directory in
      _ = try await store.files.put(path: "a", chunks: chunks("old"))
      _ = try await store.files.put(path: "a", chunks: chunks("new"))

      #expect(content(try await store.files.open(path: "a")) == "new")
      #expect(directory.files(under: "data/files").count == 1)
    }
  }

  @Test("uploads and deletions of one content at once leave every file that is recorded whole")
  func concurrency() async throws {
    try await withStore { store, directory in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<40 {
          group.addTask {
            _ = try await store.files.put(path: "f\(number)", chunks: chunks("the same"))
            if number % 2 == 0 { try await store.files.delete(path: "f\(number)") }
          }
        }
        try await group.waitForAll()
      }

      for number in 0..<40 {
        let file = try await store.files.open(path: "f\(number)")
        #expect(content(file) == (number % 2 == 0 ? nil : "the same"))
      }
      #expect(directory.files(under: "data/files").count == 1)
    }
  }

  @Test(
    "a path that leads out of its root is refused",
    arguments: ["../a", "a/../../b", "..", "/..", "", "/", "a\u{0}b", "./.", String(repeating: "x/", count: 3000)])
  func traversal(path: String) async throws {
    try await withStore { store, directory in
      await #expect(throws: WireError.self) { try await store.files.put(path: path, chunks: chunks("x")) }
      await #expect(throws: WireError.self) { try await store.files.open(path: path) }
      await #expect(throws: WireError.self) { try await store.files.delete(path: path) }
      #expect(directory.files(under: "data/files").isEmpty)
    }
  }

  @Test("an upload that is given up leaves nothing")
  func cancellation() async throws {
    try await withStore { store, directory in
      let upload = try store.files.upload()
      try upload.append(Array("half".utf8))
      upload.cancel()
      do {
        let dropped = try store.files.upload()
        try dropped.append(Array("dropped".utf8))
      }

      #expect(directory.files(under: "data/files").isEmpty)
      await #expect(throws: StoreError.self) { try await upload.finish(path: "a") }
    }
  }

  @Test("what a stop of the server left half uploaded is removed at the next start")
  func leftovers() throws {
    let directory = try TemporaryDirectory()
    try Store(directory: directory.path).close()
    try Data("half".utf8).write(to: URL(fileURLWithPath: directory.path + "/files/incoming/abc"))

    try Store(directory: directory.path).close()

    #expect(directory.files(under: "files").isEmpty)
  }
}

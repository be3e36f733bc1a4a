import Testing

@testable import StintRuntime

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

@Suite("The store of contents")
struct ContentStoreTests {
  private let scratch: Scratch
  private let store: ContentStore

  init() throws {
    scratch = try Scratch()
    store = ContentStore(directory: scratch.path("storage"), temporary: scratch.path("tmp"))
  }

  /// SHA-256 of "hello".
  private static let hash = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"

  private func hello(_ kind: ContentKind = .models) throws -> Content {
    try #require(Content(kind: kind, hash: Self.hash, name: "weights/greeting.PT"))
  }

  private var file: String { scratch.path("storage/models/2c/f24/\(Self.hash).PT") }

  private func append(_ text: String, to part: PartialFile) throws {
    try Array(text.utf8).withUnsafeBytes { try part.append($0) }
  }

  @Test("keeps a content under its hash, for reading only, and gives it to all who want it")
  func keeps() async throws {
    let content = try hello()
    let first = try await store.place(content, at: scratch.path("one/a")) { try append("hello", to: $0) }
    let second = try await store.place(content, at: scratch.path("two/b")) { _ in Issue.record("it is there") }

    #expect(first.isFetched)
    #expect(!second.isFetched)
    for place in [file, scratch.path("one/a"), scratch.path("two/b")] {
      #expect(Files.readText(place) == "hello")
      var info = stat()
      #expect(stat(place, &info) == 0 && info.st_mode & 0o777 == 0o400)
    }
    #expect(Files.names(in: scratch.path("tmp")).isEmpty)
  }

  @Test("is asked once for what many want at the same time")
  func once() async throws {
    let content = try hello()
    let fetches = Lines()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<10 {
        group.addTask {
          try await store.place(content, at: scratch.path("task\(number)/in")) { part in
            fetches.add("fetch")
            try append("hel", to: part)
            for _ in 0..<100 { await Task.yield() }
            try append("lo", to: part)
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(fetches.all.count == 1)
    #expect((0..<10).allSatisfy { Files.readText(scratch.path("task\($0)/in")) == "hello" })
  }

  @Test("never takes an interrupted download for whole, and goes on where it ended")
  func resumes() async throws {
    let content = try hello()
    struct Cut: Error {}
    await #expect(throws: Cut.self) {
      try await store.place(content, at: scratch.path("in")) { part in
        try append("hel", to: part)
        throw Cut()
      }
    }
    #expect(!Files.exists(scratch.path("in")))
    #expect(!store.has(content))

    let placement = try await store.place(content, at: scratch.path("in")) { part in
      #expect(part.size == 3)
      try append("lo", to: part)
    }
    #expect(placement.isFetched)
    #expect(Files.readText(scratch.path("in")) == "hello")
  }

  @Test("begins anew where the first part was another content's")
  func beginsAnew() async throws {
    let content = try hello()
    try scratch.write("tmp/\(Self.hash).part", "jel")
    try await store.place(content, at: scratch.path("in")) { part in
      try append(part.size == 0 ? "hello" : "lo", to: part)
    }
    #expect(Files.readText(scratch.path("in")) == "hello")
  }

  @Test("refuses what has another hash, and keeps nothing of it")
  func refuses() async throws {
    let content = try hello()
    await #expect(throws: ContentError.self) {
      try await store.place(content, at: scratch.path("in")) { try append("jello", to: $0) }
    }
    #expect(!Files.exists(scratch.path("in")))
    #expect(!store.has(content))
    #expect(Files.names(in: scratch.path("tmp")).isEmpty)
  }

  @Test("notices what a task wrote into a file that others are to have, and fetches it again")
  func spoiled() async throws {
    let content = try hello()
    try await store.place(content, at: scratch.path("one")) { try append("hello", to: $0) }
    try Files.setMode(0o600, of: file)
    try Files.append("!", to: file)

    let placement = try await store.place(content, at: scratch.path("two")) { try append("hello", to: $0) }
    #expect(placement.isFetched)
    #expect(Files.readText(scratch.path("two")) == "hello")
  }

  @Test("finds a content that was fetched as another kind")
  func kinds() async throws {
    try await store.place(hello(.datasets), at: scratch.path("one")) { try append("hello", to: $0) }
    let placement = try await store.place(hello(.models), at: scratch.path("two")) { _ in Issue.record("it is there") }
    #expect(!placement.isFetched)
  }

  @Test(
    "knows no content by what is no SHA-256",
    arguments: ["", "12", "../../../etc/passwd", hash + "0", "g" + hash.dropFirst()])
  func hashes(text: String) {
    #expect(Content(kind: .models, hash: text) == nil)
  }

  @Test(
    "names files by suffixes that are plain only",
    arguments: [("a.tar.gz", "gz"), ("a", nil), ("a./..", nil), ("x.a/b", nil)])
  func suffixes(name: String, suffix: String?) throws {
    #expect(try #require(Content(kind: .models, hash: Self.hash, name: name)).suffix == suffix)
  }
}

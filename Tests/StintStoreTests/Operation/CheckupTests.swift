import GRDB
import StintWire
import Testing

@testable import StintStore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct CheckupTests {
  /// What a look at a folder with the files `a.txt` and `b.txt` found, after `damage` was done to it.
  private func findings(
    readsContents: Bool = false, _ damage: (Store, StoredFile) throws -> Void
  ) async throws -> (isHealthy: Bool, bad: [Checkup.Finding]) {
    try await withStore { store, _ in
      try await store.put("first", at: "a.txt")
      try await store.put("second", at: "b.txt")
      let file = try #require(try await store.files.open(path: "a.txt"))
      store.close()
      try damage(store, file)
      let checkup = try Checkup(store.directory, readsContents: readsContents, leastFreeMegabytes: 0)
      return (checkup.isHealthy, checkup.findings.filter { $0.level != .good })
    }
  }

  @Test("nothing is wrong with a folder as a server leaves it", arguments: [false, true])
  func healthy(readsContents: Bool) async throws {
    let found = try await findings(readsContents: readsContents) { _, _ in }

    #expect(found.isHealthy)
    #expect(found.bad.isEmpty)
  }

  @Test("it tells whether a server works in the folder, and lets it work")
  func served() async throws {
    try await withStore { store, _ in
      func server() throws -> String? {
        try Checkup(store.directory).findings.first { $0.check == "server" }?.message
      }
      #expect(try server() == "a server is running on it")
      try await store.put("x", at: "x.txt")
      store.close()
      #expect(try server() == "no server is running on it")
      try Store(directory: store.directory).close()
    }
  }

  @Test("a lost content is a problem that names its file")
  func lostContent() async throws {
    let found = try await findings { _, file in try FileManager.default.removeItem(atPath: file.location) }

    #expect(!found.isHealthy)
    #expect(found.bad.map(\.check) == ["contents"])
    #expect(found.bad.first?.examples == ["a.txt"])
  }

  @Test("a cut content is found by its size, a changed one by reading it")
  func damagedContent() async throws {
    let cut = try await findings { _, file in try Data("fir".utf8).write(to: URL(filePath: file.location)) }
    #expect(cut.bad.map(\.examples) == [["a.txt"]])

    func change(_: Store, _ file: StoredFile) throws { try Data("FIRST".utf8).write(to: URL(filePath: file.location)) }
    let unread = try await findings(change)
    #expect(unread.isHealthy)
    let changed = try await findings(readsContents: true, change)
    #expect(!changed.isHealthy)
    #expect(changed.bad.map(\.examples) == [["a.txt"]])
  }

  @Test("a content that belongs to no file is a warning with its place")
  func orphan() async throws {
    let hash = String(repeating: "ab", count: 32)
    let found = try await findings { store, _ in
      let folder = store.directory + "/files/ab/ab"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try Data("nobody's".utf8).write(to: URL(filePath: "\(store.directory)/files/ab/ab/\(hash)"))
    }

    #expect(found.isHealthy)
    #expect(found.bad.map(\.examples) == [["files/ab/ab/\(hash)"]])
    #expect(found.bad.map(\.level) == [.warning])
  }

  @Test("a broken database is a problem", arguments: ["stint.sqlite", "events.sqlite"], [0, 4096])
  func brokenDatabase(name: String, offset: Int) async throws {
    let found = try await findings { store, _ in
      let file = URL(filePath: store.directory + "/" + name)
      var bytes = try Data(contentsOf: file)
      bytes.replaceSubrange(offset..<offset + 4096, with: Data(repeating: 0x5A, count: 4096))
      try bytes.write(to: file)
    }

    #expect(!found.isHealthy)
    #expect(found.bad.contains { $0.check == (name == "stint.sqlite" ? "records" : "events") && $0.level == .problem })
  }

  @Test("a database of a newer version is a problem, one of an older version is not")
  func versions() async throws {
    func change(_ sql: String) -> (Store, StoredFile) throws -> Void {
      { store, _ in try DatabaseQueue(path: store.directory + "/stint.sqlite").write { try $0.execute(sql: sql) } }
    }
    let newer = try await findings(change("INSERT INTO grdb_migrations VALUES ('99 from the future')"))
    #expect(!newer.isHealthy)
    #expect(newer.bad.first?.message.contains("newer version") == true)

    let older = try await findings(change("DELETE FROM grdb_migrations WHERE identifier = '1 files'"))
    #expect(older.isHealthy)
    #expect(older.bad.first?.message.contains("older version") == true)
  }

  @Test("files that other users may read are a problem")
  func permissions() async throws {
    let found = try await findings { store, _ in
      try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: store.directory + "/stint.sqlite")
    }

    #expect(!found.isHealthy)
    #expect(found.bad.map(\.check) == ["permissions"])
    #expect(found.bad.first?.examples.contains("stint.sqlite") == true)
  }

  @Test("too little room on the disk is a problem, a folder without data is refused")
  func disk() async throws {
    try await withStore { store, directory in
      let isHealthy = try Checkup(store.directory, leastFreeMegabytes: 1 << 30).isHealthy
      #expect(!isHealthy)
      #expect(throws: OperationError.noData(directory: directory.path)) { try Checkup(directory.path) }
    }
  }
}

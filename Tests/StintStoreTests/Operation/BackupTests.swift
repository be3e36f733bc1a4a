import StintWire
import Testing

@testable import StintStore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct BackupTests {
  /// A store with a task, a line of its log, two files of one content and a key, all of it backed up.
  private func withBackup(
    _ body: (_ file: String, _ directory: TemporaryDirectory, Store) async throws -> Void
  ) async throws {
    try await withStore { store, directory in
      try await store.write { try $0.put(.tasks, ["id": "t1", "name": "kept"]) }
      _ = try await store.events.add([["type": "log", "task": "t1", "msg": "a line"]])
      try await store.put("shared", at: "a.txt", "b.txt")
      try Data("secret".utf8).write(to: URL(filePath: store.directory + "/token.key"))
      let file = directory.path + "/backup.tar"
      _ = try Backup.write(store.directory, to: file, version: "1")
      try await body(file, directory, store)
    }
  }

  @Test("a restored folder holds the records, events, files and keys of the one that was backed up")
  func roundTrip() async throws {
    try await withBackup { file, directory, store in
      try await store.write { try $0.put(.tasks, ["id": "t1", "name": "changed later"]) }

      let summary = try Backup.restore(file, to: directory.path + "/new")

      #expect(summary.contents == 1)
      let restored = try Store(directory: directory.path + "/new")
      defer { restored.close() }
      #expect(try await restored.read { try $0.get(.tasks, id: "t1")?["name"] } == "kept")
      #expect(try await restored.events.log(task: "t1").events.first?["msg"] == "a line")
      #expect(try await restored.text(at: "b.txt") == "shared")
      #expect(FileManager.default.contents(atPath: directory.path + "/new/token.key") == Data("secret".utf8))
    }
  }

  @Test("a backup and what is restored from it are their owner's alone")
  func permissions() async throws {
    try await withBackup { file, directory, _ in
      _ = try Backup.restore(file, to: directory.path + "/new")

      let restored = directory.files(under: "new").map { directory.path + "/new/" + $0 }
      #expect(restored.count >= 4)
      for path in [file] + restored {
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600, "\(path)")
      }
    }
  }

  @Test("an archive begins with its marker and ends with its manifest")
  func order() async throws {
    try await withBackup { file, directory, _ in
      let archive = ArchiveReader(try OpenFile(reading: file))
      var names: [String] = []
      while let entry = try archive.next() {
        names.append(entry.name)
        _ = try archive.content(of: entry) { (_) throws(OperationError) in }
      }
      #expect(names.first == "stint-backup")
      #expect(names.last == "manifest.json")
      #expect(Set(names).isSuperset(of: ["stint.sqlite", "events.sqlite", "token.key"]))
    }
  }

  @Test(
    "a damaged, cut or foreign file is refused, and leaves the folder empty", arguments: ["damaged", "cut", "foreign"])
  func badBackup(kind: String) async throws {
    try await withBackup { file, directory, _ in
      var bytes = try Data(contentsOf: URL(filePath: file))
      switch kind {
      case "damaged": bytes[3 * 512 + 512] ^= 1
      case "cut": bytes = bytes.prefix(bytes.count - 2048)
      default: bytes = Data("not an archive at all".utf8)
      }
      try bytes.write(to: URL(filePath: file))

      #expect { try Backup.restore(file, to: directory.path + "/new") } throws: { error in
        if case OperationError.badBackup = error { true } else { false }
      }
      #expect(directory.files(under: "new").filter { $0 != "lock" }.isEmpty)
    }
  }

  @Test(
    "an archive whose names lead out of the folder is refused", arguments: ["../evil", "/etc/evil", "files/../evil"])
  func escapingName(name: String) throws {
    let directory = try TemporaryDirectory()
    let file = directory.path + "/evil.tar"
    let archive = ArchiveWriter(try OpenFile(creating: file))
    try archive.add("stint-backup", Array("format 1\n".utf8))
    try archive.add(name, Array("evil".utf8))
    try archive.finish()

    #expect(throws: OperationError.badBackup(path: file, reason: "it holds \(name), which no backup does")) {
      try Backup.restore(file, to: directory.path + "/new")
    }
    #expect(directory.files(under: "").filter { $0.contains("evil") } == ["evil.tar"])
  }

  @Test("neither a backup nor a folder with data is overwritten")
  func overwritesNothing() async throws {
    try await withBackup { file, directory, store in
      #expect(throws: OperationError.exists(path: file)) { try Backup.write(store.directory, to: file, version: "1") }
      _ = try Backup.restore(file, to: directory.path + "/new")
      #expect(throws: OperationError.folderNotEmpty(directory: directory.path + "/new")) {
        try Backup.restore(file, to: directory.path + "/new")
      }
      #expect(throws: StoreError.folderInUse(directory: store.directory)) {
        try Backup.restore(file, to: store.directory)
      }
    }
  }

  @Test("a folder without data and a format from the future are refused")
  func noData() throws {
    let directory = try TemporaryDirectory()
    let file = directory.path + "/backup.tar"
    #expect(throws: OperationError.noData(directory: directory.path)) {
      try Backup.write(directory.path, to: file, version: "1")
    }
    let archive = ArchiveWriter(try OpenFile(creating: file))
    try archive.add("stint-backup", Array("format 2\n".utf8))
    try archive.finish()

    #expect { try Backup.restore(file, to: directory.path + "/new") } throws: { "\($0)".contains("newer version") }
  }

  @Test("a file that has lost its content is left out and told, and the rest is backed up")
  func missingContent() async throws {
    try await withStore { store, directory in
      try await store.put("lost", at: "lost.txt")
      try await store.put("there", at: "there.txt")
      let lost = try #require(try await store.files.open(path: "lost.txt"))
      try FileManager.default.removeItem(atPath: lost.location)

      let summary = try Backup.write(store.directory, to: directory.path + "/backup.tar", version: "1")

      #expect(summary.missing == ["lost.txt"])
      _ = try Backup.restore(directory.path + "/backup.tar", to: directory.path + "/new")
      let restored = try Store(directory: directory.path + "/new")
      defer { restored.close() }
      #expect(try await restored.files.open(path: "lost.txt") == nil)
      #expect(try await restored.text(at: "there.txt") == "there")
    }
  }

  @Test("files that we did not name stay out of a backup")
  func foreignFiles() async throws {
    try await withStore { store, directory in
      for name in ["my key (old).pem", "manifest.json", "stint.sqlite.copy", ".hidden"] {
        try Data("x".utf8).write(to: URL(filePath: store.directory + "/" + name))
      }
      try Data(count: 2 << 20).write(to: URL(filePath: store.directory + "/server.log"))

      _ = try Backup.write(store.directory, to: directory.path + "/backup.tar", version: "1")
      _ = try Backup.restore(directory.path + "/backup.tar", to: directory.path + "/new")

      #expect(directory.files(under: "new").sorted() == ["events.sqlite", "lock", "stint.sqlite"])
    }
  }
}

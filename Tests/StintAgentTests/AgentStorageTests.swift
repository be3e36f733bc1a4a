import StintConfig
import StintModel
import StintRuntime
import Testing

@testable import StintAgent

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

@Suite("The clean-up of an agent's storage")
final class AgentStorageTests {
  private let root: String

  init() throws {
    root = FileManager.default.temporaryDirectory.path + "/stint-\(UUID().uuidString)"
    try Files.makeDirectory(root)
  }

  deinit { Files.remove(root) }

  private func storage(_ settings: String = "", key: String = "K") throws -> AgentStorage {
    let text = """
      api { api_server: "http://s.test:8008", credentials { access_key: "\(key)", secret_key: "S" } }
      agent.stint.storage { free_space_threshold_gb: 0, \(settings) }
      """
    let setup = try AgentSetup(
      settings: .load(text: text, origin: "test", environment: [:]), environment: ["STINT_CACHE_DIR": root],
      shim: "/none")
    return AgentStorage(setup: setup)
  }

  /// Puts a content of `size` bytes into the store that was used so many days ago; `task` keeps a name of it.
  @discardableResult
  private func keep(
    _ storage: AgentStorage, _ kind: ContentKind, _ letter: Character, size: Int, days: Double = 0, task: String? = nil
  )
    async throws -> String
  {
    let file = "\(root)/source"
    Files.remove(file)
    try Files.append(String(repeating: letter, count: size), to: file)
    let hash = try await FileHash.sha256(of: file)
    let content = try #require(Content(kind: kind, hash: hash))
    let target = task.map { "\(storage.setup.home.tasks)/\($0)/run/inputs/\(letter)" } ?? "\(root)/place"
    try await storage.setup.home.contents.place(content, at: target) { try $0.copy(from: file) }
    if task == nil { Files.remove(target) }
    let kept = try #require(storage.setup.home.contents.files().first { $0.hash == hash })
    var times = [
      timespec(tv_sec: time(nil) - Int(days * 86_400), tv_nsec: 0), timespec(tv_sec: 1_000_000_000, tv_nsec: 0),
    ]
    utimensat(AT_FDCWD, kept.path, &times, 0)
    return hash
  }

  private func hashes(_ storage: AgentStorage) -> Set<String> { Set(storage.setup.home.contents.files().map(\.hash)) }

  @Test("removes by kind")
  func kinds() async throws {
    let storage = try storage()
    try await keep(storage, .models, "a", size: 5000)
    let data = try await keep(storage, .datasets, "b", size: 5000)

    let removed = storage.clean(StorageCleanup(kinds: [.models]))

    #expect(removed.map(\.count) == [1])
    #expect(hashes(storage) == [data])
  }

  @Test("removes what was not used for so long, and of the rest what was used longest ago, until little enough is left")
  func ageAndSize() async throws {
    let storage = try storage()
    try await keep(storage, .models, "a", size: 8192, days: 40)
    try await keep(storage, .models, "b", size: 8192, days: 3)
    let third = try await keep(storage, .models, "c", size: 8192, days: 2)
    let last = try await keep(storage, .models, "d", size: 8192, days: 1)

    #expect(
      storage.clean(StorageCleanup(kinds: [.models], unusedDays: 30, keepBytes: 16_384), isTrial: true)[0].count == 2)
    #expect(hashes(storage).count == 4)
    #expect(storage.clean(StorageCleanup(kinds: [.models], unusedDays: 30)).map(\.count) == [1])
    #expect(storage.clean(StorageCleanup(kinds: [.models], keepBytes: 16_384)).map(\.count) == [1])
    #expect(hashes(storage) == [third, last])
  }

  @Test("never removes what a task has, by whatever name")
  func inUse() async throws {
    let storage = try storage("max_unused_days: 1, max_size_gb: 0")
    let linked = try await keep(storage, .models, "a", size: 5000, days: 90, task: "t1")
    // Where a file system shares bytes, a task's file has no link to that of the store.
    let copied = try await keep(storage, .models, "b", size: 5000, days: 90)
    let folder = try #require(JobFolder(task: "t2", in: storage.setup.home))
    try Files.makeDirectory(folder.path)
    try folder.setInputs([copied])
    try await keep(storage, .models, "c", size: 5000, days: 90)

    #expect(storage.clean(StorageCleanup()).first { $0.kind == .models }?.count == 1)
    _ = storage.cleanAsSet()

    #expect(hashes(storage) == [linked, copied])
    #expect(storage.usage().first { $0.kind == .models }?.bytesInUse ?? 0 > 0)
    folder.remove()
    #expect(storage.clean(StorageCleanup(kinds: [.models])).map(\.count) == [1])
    #expect(hashes(storage) == [linked])
  }

  @Test("keeps to the limits of the configuration without being told")
  func automatic() async throws {
    let storage = try storage("max_unused_days: 30, max_size_gb: 0.00001")
    try await keep(storage, .models, "a", size: 8192, days: 31)
    try await keep(storage, .datasets, "b", size: 8192, days: 2)
    let last = try await keep(storage, .models, "c", size: 8192, days: 1)
    #expect(storage.cleanAsSet().reduce(0) { $0 + $1.count } == 2)
    #expect(hashes(storage) == [last])
  }

  @Test("looks after what agents with another key have left")
  func otherKeys() async throws {
    let other = try storage(key: "OTHER")
    try Files.makeDirectory(other.setup.home.tasks)
    try await keep(other, .models, "a", size: 5000)
    let storage = try storage()
    #expect(storage.setup.home != other.setup.home)
    #expect(storage.usage().first { $0.kind == .models }?.count == 1)
    #expect(storage.clean(StorageCleanup(kinds: [.models])).map(\.count) == [1])
    #expect(hashes(other).isEmpty)
  }

  @Test("leaves a download that is under way, and takes what was left of one")
  func downloads() throws {
    let storage = try storage()
    try Files.makeDirectory(storage.setup.home.temporary)
    for name in ["one", "two"] { try Files.append("half", to: "\(storage.setup.home.temporary)/\(name).part") }
    let lock = try FileLock.attempt("\(storage.setup.home.temporary)/one.lock", .exclusive)
    #expect(storage.clean(StorageCleanup(kinds: [.temporary])).map(\.count) == [1])
    #expect(Files.names(in: storage.setup.home.temporary) == ["one.lock", "one.part"])
    withExtendedLifetime(lock) {}
  }

  @Test("leaves the logs of runs when their folders go, the newest of them, and without secrets")
  func logs() throws {
    let storage = try storage()
    let folder = try #require(JobFolder(task: "t1", in: storage.setup.home))
    for number in 1...4 {
      try Files.makeDirectory(folder.path)
      try Files.append("line \(number)\nthe secret is hunter22\n", to: folder.output)
      try folder.keepLog(masker: Masker(["hunter22"]), limit: 1 << 20, others: 2)
      folder.remove()
    }
    let logs = try #require(folder.logs)
    #expect(Files.names(in: logs) == ["2.log", "3.log", "4.log"])
    #expect(Files.readText(logs + "/4.log") == "line 4\nthe secret is ****\n")
    #expect(!Files.exists(folder.path))
    #expect(storage.clean(StorageCleanup(kinds: [.logs])).map(\.count) == [3])
    #expect(Files.names(in: storage.setup.home.tasks).isEmpty)
  }

  @Test("begins a daemon's log anew when it is long, and keeps so many older ones")
  func rotation() throws {
    let log = DaemonLog(path: root + "/daemon-1.log")
    for number in 1...4 {
      try Files.append("\(number) \(String(repeating: "x", count: 100))\n", to: log.path)
      try log.rotate(limit: 100, count: 2)
    }
    try log.rotate(limit: 100, count: 2)
    #expect(Files.names(in: root) == ["daemon-1.log", "daemon-1.log.1", "daemon-1.log.2"])
    #expect(Files.readText(log.path) == "")
    #expect(Files.readText(log.path + ".1")?.first == "4")
    #expect(Files.readText(log.path + ".2")?.first == "3")
  }

  @Test("keeps of a long log its end, from the start of a line")
  func longLogs() throws {
    let storage = try storage()
    let folder = try #require(JobFolder(task: "t1", in: storage.setup.home))
    try Files.makeDirectory(folder.path)
    try Files.append((1...9).map { "line \($0)\n" }.joined(), to: folder.output)
    try folder.keepLog(masker: Masker([]), limit: 17, others: 2)
    #expect(Files.readText(try #require(folder.logs) + "/1.log") == "line 8\nline 9\n")
  }
}

@Suite("The home of an agent")
struct AgentHomeTests {
  @Test("is told by the public half of a key, and by whom a token is for")
  func fingerprints() {
    func home(_ credentials: ServerConnection.Credentials) -> String {
      AgentHome(in: CacheFolders(root: "/r"), credentials: credentials).path
    }
    func token(_ user: String, _ time: Int) -> Secret {
      let claims = Data(#"{"identity":{"user":"\#(user)"},"exp":\#(time)}"#.utf8).base64EncodedString()
      return Secret("e30.\(claims.replacing("=", with: "")).sig")
    }
    #expect(home(.key(access: "A", secret: Secret("1"))) == "/r/559aead08264d579")
    #expect(home(.key(access: "A", secret: Secret("2"))) == "/r/559aead08264d579")
    #expect(home(.token(token("u", 1))) == home(.token(token("u", 2))))
    #expect(home(.token(token("u", 1))) != home(.token(token("v", 1))))
    #expect(home(.token(Secret("x"))) != home(.token(Secret("y"))))
  }
}

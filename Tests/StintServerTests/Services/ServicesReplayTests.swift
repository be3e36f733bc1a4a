import StintWire
import Testing

@testable import StintServer

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct ServicesReplayTests {
  @Test(
    "the answers are those of the stock server, but for the known differences",
    arguments: ["tasks-lifecycle", "tasks-parts", "tasks-find", "queues-workers", "projects", "models", "auth-users"])
  func replay(scenario: String) async throws {
    guard let text = Self.recording(scenario) else {
      print("skipped: no recordings of the stock server (../shared/stock-server/\(scenario).jsonl)")
      return
    }
    let server = try await ServicesFixture()
    let known = KnownDifferences.of(scenario)
    var replay = Replay()
    var met: Set<Int> = []
    for call in try RecordedCall.all(in: text) {
      guard let difference = await replay.difference(of: call, server) else { continue }
      met.insert(call.number)
      if known[call.number] == nil {
        Issue.record("\(scenario) \(call.number): \(call.name) \(call.json["request"]?.text ?? ""): \(difference)")
      }
    }
    for number in known.keys.sorted() where !met.contains(number) {
      Issue.record("\(scenario) \(number): is no difference any more: \(known[number] ?? "")")
    }
  }

  private static func recording(_ scenario: String) -> String? {
    var folder = URL(filePath: #filePath).deletingLastPathComponent()
    while folder.path() != "/" {
      let file = folder.deletingLastPathComponent().appending(path: "shared/stock-server/\(scenario).jsonl")
      if let data = FileManager.default.contents(atPath: file.path()) { return String(decoding: data, as: UTF8.self) }
      folder = folder.deletingLastPathComponent()
    }
    return nil
  }
}

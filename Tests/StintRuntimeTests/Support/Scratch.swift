import Synchronization

@testable import StintRuntime

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A folder that goes away with the value.
final class Scratch: Sendable {
  let path: String

  init() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/stint-test-\(UInt64.random(in: .min ... .max))"
    try Files.makeDirectory(folder)
    guard let real = Files.realPath(folder) else { throw MissingValue(what: folder) }
    path = real
  }

  deinit { Files.remove(path) }

  func path(_ name: String) -> String { "\(path)/\(name)" }

  @discardableResult
  func write(_ name: String, _ text: String) throws -> String {
    try Files.makeDirectory(String(path(name).prefix(upTo: path(name).lastIndex(of: "/") ?? path.endIndex)))
    try Files.write(text, to: path(name))
    return path(name)
  }
}

struct MissingValue: Error { let what: String }

/// All variables of the test process.
let inherited = ProcessInfo.processInfo.environment

/// The built `stint`, which lies beside the test bundle.
func shimExecutable() throws -> String {
  var folder = CommandLine.arguments.first.flatMap(Files.realPath) ?? ""
  while let slash = folder.lastIndex(of: "/") {
    folder = String(folder[..<slash])
    if Files.isExecutableFile(folder + "/stint") { return folder + "/stint" }
    if Files.isExecutableFile(folder + "/.build/debug/stint") { return folder + "/.build/debug/stint" }
  }
  throw MissingValue(what: "the stint binary beside \(CommandLine.arguments.first ?? "the tests")")
}

/// Whether the process runs. One that has ended but that nobody has asked about does not.
func isAlive(_ process: Int32) -> Bool {
  guard kill(process, 0) == 0 else { return false }
  let state = Files.readText("/proc/\(process)/stat")?.split(separator: ")").last?.first { $0 != " " }
  return state != "Z"
}

/// Waits for what another process does; gives up after half a minute.
func eventually(_ what: String, _ condition: () throws -> Bool) async throws {
  let deadline = ContinuousClock.now + .seconds(30)
  while try !condition() {
    guard ContinuousClock.now < deadline else { throw MissingValue(what: what) }
    try await Task.sleep(for: .milliseconds(5))
  }
}

/// Log lines, from any thread.
final class Lines: Sendable {
  private let lines = Mutex<[String]>([])
  var all: [String] { lines.withLock { $0 } }
  var add: @Sendable (String) -> Void { { line in self.lines.withLock { $0.append(line) } } }
}

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

/// What the system tells of this process. Empty where there is no `/proc`.
struct ProcessFacts {
  private(set) var residentBytes: Int?
  private(set) var cpuSeconds: Double?
  private(set) var openFiles: Int?
  private(set) var openFileLimit: Int?

  init() {
    let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
    // The fields behind the program's name, which may itself hold spaces (proc(5)).
    let fields = Self.text("/proc/self/stat").split(separator: ")").last?.split(separator: " ") ?? []
    if fields.count > 21, let user = Double(fields[11]), let system = Double(fields[12]), let pages = Int(fields[21]) {
      cpuSeconds = (user + system) / ticks
      residentBytes = pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
    openFiles = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
    openFileLimit = Self.text("/proc/self/limits").split(separator: "\n").first { $0.hasPrefix("Max open files") }
      .flatMap { $0.split(separator: " ").compactMap { Int($0) }.first }
  }

  private static func text(_ path: String) -> String {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}

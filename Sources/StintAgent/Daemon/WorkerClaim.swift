import StintConfig
import StintRuntime

/// A worker's name, which no other agent on this machine uses as long as the value lives.
struct WorkerClaim: Sendable {
  let id: String
  /// The file that describes the running agent to `--stop` and `list`.
  let recordFile: String
  private let lock: FileLock

  /// The name that the settings give, or the first free one of `machine:cpu:0`, `machine:cpu:1`, …
  init(setup: AgentSetup) throws {
    let folder = setup.caches.agents
    try Files.makeDirectory(folder)
    let fixed = setup.settings.worker.id
    for number in 0..<1024 {
      let id = fixed ?? "\(setup.machineName):cpu:\(number)"
      let file = "\(folder)/\(Self.fileName(id))"
      if let lock = try FileLock.attempt(file + ".lock", .exclusive) {
        (self.id, recordFile, self.lock) = (id, file + ".json", lock)
        return
      }
      if fixed != nil { break }
    }
    throw AgentError.workerInUse(id: fixed ?? setup.machineName)
  }

  /// The name as a file's name.
  static func fileName(_ id: String) -> String {
    String(id.map { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.:".contains($0)) ? $0 : "_" }.prefix(200))
  }
}

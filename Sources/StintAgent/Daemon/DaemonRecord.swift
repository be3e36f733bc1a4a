import StintRuntime
import StintWire

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

/// A daemon of this machine, as it describes itself to `--stop`.
package struct DaemonRecord: Codable, Sendable, Equatable {
  package var worker: String
  package var queues: [String]
  package var pid: Int
  /// Seconds since 1970.
  package var started: Int
  /// Whether its process is also a server's, as that of `stint up`; older agents do not tell.
  package var isEmbedded: Bool?
  /// The program's file and version; older agents do not tell.
  package var executable: String?
  package var version: String?

  init(worker: String, queues: [String], isEmbedded: Bool) {
    (self.worker, self.queues, self.isEmbedded) = (worker, queues, isEmbedded)
    pid = Int(getpid())
    started = Int(Date().timeIntervalSince1970)
  }

  func write(to file: String) throws {
    try Files.write(try JSON(encoding: self).text, to: file)
  }
}

/// The daemons that run on this machine with one cache folder.
package enum LocalAgents {
  /// All of them, by worker name.
  package static func running(in caches: CacheFolders) -> [DaemonRecord] {
    Files.names(in: caches.agents).filter { $0.hasSuffix(".json") }.compactMap { name in
      let file = "\(caches.agents)/\(name)"
      guard FileLock.isHeld(file.dropLast(".json".count) + ".lock"), let bytes = Files.read(file),
        let json = try? JSON(parsing: bytes)
      else { return nil }
      return try? json.decode(DaemonRecord.self)
    }
  }

  /// The daemons called one of `workers`, or, where there are no names, those that serve all of `queues`; with neither,
  /// all of them.
  package static func matching(
    in caches: CacheFolders, workers: [String] = [], queues: [String] = []
  ) -> [DaemonRecord] {
    running(in: caches).filter { record in
      workers.isEmpty ? queues.allSatisfy(record.queues.contains) : workers.contains(record.worker)
    }
  }

  /// The tasks that run on this machine for `workers`.
  package static func tasksLeft(in caches: CacheFolders, workers: [String]) -> [String] {
    JobFolder.all(in: caches).filter { folder in folder.record.map { workers.contains($0.worker) } ?? false }.map(
      \.task)
  }

  /// Has `daemons` begin anew with the program that their file holds now, and waits until they serve again.
  package static func restart(_ daemons: [DaemonRecord], in caches: CacheFolders) async throws -> [DaemonRecord] {
    var restarted: [DaemonRecord] = []
    for old in daemons where old.pid > 1 {
      let file = "\(caches.agents)/\(WorkerClaim.fileName(old.worker)).json"
      Files.remove(file)
      kill(pid_t(old.pid), SIGHUP)
      var new: DaemonRecord?
      while new == nil {
        try await Task.sleep(for: .milliseconds(20))
        new = running(in: caches).first { $0.worker == old.worker }
        guard new != nil || kill(pid_t(old.pid), 0) == 0 else { throw AgentError.notRestarted(worker: old.worker) }
      }
      if let new { restarted.append(new) }
    }
    return restarted
  }

  /// Asks those of `daemons` to end whose process is theirs alone, and waits until they have; their tasks go on. Returns
  /// those.
  package static func stop(_ daemons: [DaemonRecord], in caches: CacheFolders) async throws -> [DaemonRecord] {
    let meant = daemons.filter { $0.isEmbedded != true }
    for record in meant where record.pid > 1 { kill(pid_t(record.pid), SIGUSR1) }
    for record in meant {
      let lock = "\(caches.agents)/\(WorkerClaim.fileName(record.worker)).lock"
      while FileLock.isHeld(lock) { try await Task.sleep(for: .milliseconds(20)) }
    }
    return meant
  }
}

import StintAgent

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

/// Why a daemon did not go into the background.
enum DetachedDaemonError: Error, CustomStringConvertible {
  case cannotStart(String)
  case ended(log: String)

  var description: String {
    switch self {
    case .cannotStart(let reason): "the daemon could not be started: \(reason)"
    case .ended(let log): "the daemon ended at once; its log (--foreground shows it directly) says:\n\(log)"
    }
  }
}

/// `--detached`: this command again with `--foreground`, in a session of its own, its output going to a file.
enum DetachedDaemon {
  /// Returns once the daemon serves its queues.
  static func start(_ setup: AgentSetup) async throws {
    let folder = setup.home.logs
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let log = folder + "/daemon-\(getpid()).log"
    let pid = try spawn(output: log)
    while true {
      if let record = LocalAgents.running(in: setup.caches).first(where: { $0.pid == Int(pid) }) {
        print("\(record.worker) runs in the background (process \(pid)), log in \(log)")
        return
      }
      var status: Int32 = 0
      if waitpid(pid, &status, WNOHANG) == pid {
        let text = FileManager.default.contents(atPath: log).map { String(decoding: $0.suffix(2000), as: UTF8.self) }
        throw DetachedDaemonError.ended(log: text ?? "")
      }
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  /// Becomes the program that this one's file holds now, with the same arguments.
  static func beginAnew(_ setup: AgentSetup) throws {
    var pointers = ([setup.shim] + CommandLine.arguments.dropFirst()).map { strdup($0) } + [nil]
    execv(setup.shim, &pointers)
    throw DetachedDaemonError.cannotStart("\(setup.shim): \(String(cString: strerror(errno)))")
  }

  private static func spawn(output: String) throws -> pid_t {
    let arguments =
      [try Connection.ownExecutable()]
      + Arguments.normalized(CommandLine.arguments).map { ["--detached", "-d"].contains($0) ? "--foreground" : $0 }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    #if os(Linux)
    let newSession: Int16 = 0x80  // POSIX_SPAWN_SETSID, which glibc's headers hide from Swift
    #else
    let newSession = Int16(POSIX_SPAWN_SETSID)
    #endif
    posix_spawnattr_setflags(&attributes, newSession)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)
    var pointers = arguments.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    var pid: pid_t = 0
    let status = posix_spawn(&pid, arguments[0], &actions, &attributes, &pointers, environ)
    guard status == 0 else { throw DetachedDaemonError.cannotStart(String(cString: strerror(status))) }
    return pid
  }
}

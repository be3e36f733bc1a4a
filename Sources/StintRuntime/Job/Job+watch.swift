import CShim
import Dispatch

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension Job {
  /// Sleeps until the shim has ended or the task is cancelled. False at once where the system cannot tell.
  func shimEnds() async -> Bool {
    guard let shimID else { return false }
    let descriptor = stint_process_descriptor(shimID)
    guard descriptor >= 0 else { return false }
    // The number may have gone to a stranger before it was opened: then the lock is free.
    guard state == .running else {
      close(descriptor)
      return true
    }
    // Dispatch sources may be used from any thread; they are just not marked so.
    nonisolated(unsafe) let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: .global())
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        source.setEventHandler { source.cancel() }
        source.setCancelHandler {
          close(descriptor)
          continuation.resume()
        }
        source.activate()
      }
    } onCancel: {
      source.cancel()
    }
    return true
  }

  /// Kills what a job left behind whose shim was killed. Its processes carry a variable that the shim gave them.
  func endRemains() async {
    #if os(Linux)
    for _ in 0..<100 {
      let remains = Files.names(in: "/proc").compactMap(Int32.init).filter(isMine)
      if remains.isEmpty { return }
      for process in remains { kill(process, SIGKILL) }
      try? await Task.sleep(for: .milliseconds(10))
    }
    #else
    if let processID { kill(-processID, SIGKILL) }
    #endif
  }

  private func isMine(_ process: Int32) -> Bool {
    guard let variables = Files.read("/proc/\(process)/environ"), process != getpid() else { return false }
    let mark = Array("STINT_JOB_DIR=\(directory)".utf8)
    return variables.split(separator: 0).contains { $0.elementsEqual(mark) }
  }
}

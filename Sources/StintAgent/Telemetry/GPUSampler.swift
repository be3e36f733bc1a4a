import CNVML
import StintRuntime
import StintWire

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Asks NVIDIA's library about the GPUs that tasks may use.
struct GPUSampler: Sendable {
  private static let mostProcesses = 64
  private static let megabyte = 1_048_576.0

  /// What CUDA_VISIBLE_DEVICES says; nil for all.
  private let visible: [String]?

  init(isCPUOnly: Bool, environment: [String: String]) {
    if isCPUOnly {
      visible = []
    } else {
      visible = environment["CUDA_VISIBLE_DEVICES"]?.split(separator: ",").map { $0.filter { $0 != " " } }
    }
  }

  /// Adds the load of the GPUs, and with `details` their names and the processes on them.
  func add(to stats: inout MachineStats, details: Bool) {
    let gpus = (0..<stint_gpu_count()).compactMap(read)
    guard !gpus.isEmpty else { return }
    stats.gpuUsage = gpus.map { Double(max(0, $0.state.usage)) }
    stats.gpuTemperature = gpus.map { Double(max(0, $0.state.temperature)) }
    stats.gpuMemoryUsed = gpus.map { Double(max(0, $0.state.memory_used)) / Self.megabyte }
    stats.gpuMemoryFree = gpus.map {
      Double(max(0, $0.state.memory_total - max(0, $0.state.memory_used))) / Self.megabyte
    }
    guard details else { return }
    stats.gpuNames = gpus.map { Self.text($0.state.name) }
    stats.gpuProcesses = gpus.flatMap { processes(on: $0.index) }
  }

  private func read(index: Int32) -> (index: Int32, state: stint_gpu)? {
    var state = stint_gpu()
    guard stint_gpu_read(index, &state) == 0 else { return nil }
    guard let visible else { return (index, state) }
    let uuid = Self.text(state.uuid)
    let isVisible = visible.contains { $0 == String(index) || ($0.hasPrefix("GPU-") && uuid.hasPrefix($0)) }
    return isVisible ? (index, state) : nil
  }

  private func processes(on gpu: Int32) -> [GPUProcess] {
    var found = [stint_gpu_process](repeating: stint_gpu_process(), count: Self.mostProcesses)
    let count = stint_gpu_processes(gpu, &found, Int32(Self.mostProcesses))
    return found.prefix(max(0, Int(count))).map { process in
      GPUProcess(
        gpu: Int(gpu), pid: Int(process.pid), name: Self.name(of: process.pid), user: Self.user(of: process.pid),
        memoryUsed: process.memory < 0 ? nil : Double(process.memory) / Self.megabyte)
    }
  }

  /// What a process is called. Its arguments are its own affair: they may hold secrets.
  private static func name(of process: Int32) -> String? {
    Files.readText("/proc/\(process)/comm").map { String($0.prefix { $0 != "\n" }) }
  }

  private static func user(of process: Int32) -> String? {
    var info = stat()
    guard stat("/proc/\(process)", &info) == 0 else { return nil }
    let size = 4096
    var (entry, found, buffer) = (passwd(), UnsafeMutablePointer<passwd>?.none, [CChar](repeating: 0, count: size))
    guard getpwuid_r(info.st_uid, &entry, &buffer, size, &found) == 0, let name = found?.pointee.pw_name else {
      return String(info.st_uid)
    }
    return String(cString: name)
  }

  /// The text in an array of C.
  private static func text<Characters>(_ characters: Characters) -> String {
    withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}

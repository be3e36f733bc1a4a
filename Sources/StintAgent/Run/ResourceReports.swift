import StintClient
import StintConfig
import StintRuntime
import StintWire

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Reports what all processes of a running task use together, as scalars beside those by which the ClearML package
/// tells of the whole machine. Networks are not told apart by process.
struct ResourceReports: Sendable {
  let context: AgentContext
  let folder: JobFolder

  /// Reports until the job is over, or the task is cancelled. What cannot be sent is left out.
  func run() async throws {
    guard context.setup.work.isMonitored, Files.exists("/proc/self/stat") else { return }
    let pause = context.setup.settings.intervals.statusReport
    while folder.record?.jobStart == nil { try await Task.sleep(for: min(.milliseconds(500), pause)) }
    guard let job = try? Job.adopt(directory: folder.path), let shim = job.shimID else { return }
    var (last, time) = (ProcessTree(below: shim), ContinuousClock.now)
    while job.state == .running {
      try await Task.sleep(for: pause)
      let (tree, now) = (ProcessTree(below: shim), ContinuousClock.now)
      guard !tree.uses.isEmpty, let start = folder.record?.jobStart else { continue }
      let seconds = time.duration(to: now) / .seconds(1)
      let values = Self.values(tree, since: last, seconds: seconds) + gpuMemory(tree)
      (last, time) = (tree, now)
      let iteration = Int64(start.elapsed / .seconds(1))
      let events: [JSON] = values.map { metric, variant, value in
        [
          "type": "training_stats_scalar", "task": .string(folder.task), "metric": .string(metric),
          "variant": .string(variant), "value": .double((value * 1000).rounded() / 1000), "iter": .int(iteration),
          "worker": .string(context.workerID),
        ]
      }
      _ = try? await context.client.callLines(Events.AddBatch.self, events, patience: .zero)
    }
  }

  /// The names are such that servers do not take the seconds for iterations of the task.
  private static func values(
    _ tree: ProcessTree, since last: ProcessTree, seconds: Double
  ) -> [(metric: String, variant: String, value: Double)] {
    let ticksPerSecond = Double(sysconf(Int32(_SC_CLK_TCK)))
    let pageSize = Double(sysconf(Int32(_SC_PAGESIZE)))
    let disk = tree.disk(since: last).rate(since: Traffic(input: 0, output: 0), seconds: seconds)
    return [
      ("task_cpu_usage", Double(tree.ticks(since: last)) / ticksPerSecond / max(seconds, 0.001) * 100),
      ("task_memory_used_gb", Double(tree.residentPages) * pageSize / 1e9), ("task_io_read_mbs", disk.input),
      ("task_io_write_mbs", disk.output),
    ].map { (":monitor:machine", $0.0, $0.1) }
  }

  private func gpuMemory(_ tree: ProcessTree) -> [(metric: String, variant: String, value: Double)] {
    let sampler = GPUSampler(isCPUOnly: context.setup.cpuOnly, environment: context.setup.environment)
    var stats = MachineStats()
    sampler.add(to: &stats, details: true)
    let own = (stats.gpuProcesses ?? []).filter { tree.uses[Int32($0.pid)] != nil }
    return Dictionary(grouping: own, by: \.gpu).sorted { $0.key < $1.key }.map { gpu, processes in
      (":monitor:gpu", "task_gpu_\(gpu)_mem_used_gb", processes.reduce(0) { $0 + ($1.memoryUsed ?? 0) } / 1024)
    }
  }
}

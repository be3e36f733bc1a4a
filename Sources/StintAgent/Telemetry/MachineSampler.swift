import StintRuntime
import StintWire

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Measures the machine's load between one call and the next.
actor MachineSampler {
  private struct Sample {
    var cores: [CoreTimes]
    var network: Traffic
    var disks: Traffic
    var time: ContinuousClock.Instant
  }

  private let home: String
  private let temporary: String
  private var last: Sample

  /// `home` and `temporary` are folders on the disks whose free space is reported.
  init(home: String, temporary: String = "/tmp") {
    (self.home, self.temporary) = (home, temporary)
    last = Self.sample()
  }

  /// The load since the last call. A system without /proc tells its free disk space only.
  func measure() -> MachineStats {
    let now = Self.sample()
    defer { last = now }
    var stats = MachineStats(diskFreeHome: Self.freePercent(home), diskFreeTemp: Self.freePercent(temporary))
    guard let meminfo = Files.readText("/proc/meminfo") else { return stats }
    let seconds = last.time.duration(to: now.time) / .seconds(1)
    if now.cores.count == last.cores.count {
      stats.cpuUsage = zip(now.cores, last.cores).map { Self.rounded($0.percent(since: $1)) }
    }
    if let memory = MemoryState.parse(meminfo: meminfo) {
      (stats.memoryUsed, stats.memoryFree) = (Self.rounded(memory.used), Self.rounded(memory.free))
    }
    let network = now.network.rate(since: last.network, seconds: seconds)
    (stats.networkRx, stats.networkTx) = (Self.rounded(network.input), Self.rounded(network.output))
    let disks = now.disks.rate(since: last.disks, seconds: seconds)
    (stats.diskRead, stats.diskWrite) = (Self.rounded(disks.input), Self.rounded(disks.output))
    let temperatures = Self.temperatures()
    if !temperatures.isEmpty { stats.cpuTemperature = temperatures }
    return stats
  }

  private static func sample() -> Sample {
    Sample(
      cores: CoreTimes.parse(stat: Files.readText("/proc/stat") ?? ""),
      network: Traffic.parse(networkDevices: Files.readText("/proc/net/dev") ?? ""),
      disks: Traffic.parse(diskStatistics: Files.readText("/proc/diskstats") ?? ""), time: .now)
  }

  /// Degrees Celsius of the zones that belong to a processor.
  private static func temperatures() -> [Double] {
    let folder = "/sys/class/thermal"
    return Files.names(in: folder).compactMap { zone in
      guard let type = Files.readText("\(folder)/\(zone)/type"), type.hasPrefix("x86_pkg") || type.hasPrefix("cpu"),
        let text = Files.readText("\(folder)/\(zone)/temp"), let thousandths = Double(text.prefix { $0 != "\n" })
      else { return nil }
      return thousandths / 1000
    }
  }

  private static func freePercent(_ folder: String) -> Double? {
    var info = statvfs()
    guard statvfs(folder, &info) == 0, info.f_blocks > 0 else { return nil }
    return rounded(Double(info.f_bavail) / Double(info.f_blocks) * 100)
  }

  private static func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
}

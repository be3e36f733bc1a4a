// What the kernel tells in /proc, read from the files' texts. Nothing here opens a file.

/// One core's time since the machine started, in ticks (`/proc/stat`).
struct CoreTimes: Equatable {
  var busy: UInt64
  var total: UInt64

  /// All cores, in order.
  static func parse(stat text: String) -> [CoreTimes] {
    text.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: " ")
      guard let name = fields.first, name.hasPrefix("cpu"), name.count > 3 else { return nil }
      // user nice system idle iowait irq softirq steal; guest times are part of user and nice.
      let ticks = fields.dropFirst().prefix(8).compactMap { UInt64($0) }
      guard ticks.count >= 4 else { return nil }
      let total = ticks.reduce(0, &+)
      let idle = ticks[3] + (ticks.count > 4 ? ticks[4] : 0)
      return CoreTimes(busy: total - min(idle, total), total: total)
    }
  }

  /// How busy the core was since `earlier`, in percent.
  func percent(since earlier: CoreTimes) -> Double {
    guard total > earlier.total, busy >= earlier.busy else { return 0 }
    return Double(busy - earlier.busy) / Double(total - earlier.total) * 100
  }
}

/// The machine's memory in MB (`/proc/meminfo`).
struct MemoryState: Equatable {
  var used: Double
  var free: Double

  static func parse(meminfo text: String) -> MemoryState? {
    var kilobytes: [Substring: Double] = [:]
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: ":")
      guard parts.count == 2, let number = parts[1].split(separator: " ").first else { continue }
      kilobytes[parts[0]] = Double(number)
    }
    guard let total = kilobytes["MemTotal"], let free = kilobytes["MemAvailable"] ?? kilobytes["MemFree"] else {
      return nil
    }
    return MemoryState(used: max(0, total - free) / 1024, free: free / 1024)
  }
}

/// Bytes in and out since the machine started.
struct Traffic: Equatable {
  var input: UInt64
  var output: UInt64

  /// All interfaces but the loopback (`/proc/net/dev`).
  static func parse(networkDevices text: String) -> Traffic {
    var sum = Traffic(input: 0, output: 0)
    for line in text.split(separator: "\n") {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let name = line[..<colon].drop { $0 == " " }
      let numbers = line[line.index(after: colon)...].split(separator: " ").map { UInt64($0) ?? 0 }
      guard name != "lo", numbers.count >= 9 else { continue }
      sum.input &+= numbers[0]
      sum.output &+= numbers[8]
    }
    return sum
  }

  /// All whole disks, what is read as input (`/proc/diskstats`).
  static func parse(diskStatistics text: String) -> Traffic {
    // The file counts in units of 512 bytes, whatever the disk's own are.
    let sector: UInt64 = 512
    var disks: [(name: Substring, traffic: Traffic)] = []
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: " ")
      guard fields.count >= 10, let read = UInt64(fields[5]), let written = UInt64(fields[9]) else { continue }
      let isReal = !["loop", "ram", "zram", "dm-", "md", "sr", "fd"].contains { fields[2].hasPrefix($0) }
      // A partition follows its disk and begins with its name.
      let isPart = disks.contains { fields[2].hasPrefix($0.name) && fields[2] != $0.name }
      if isReal, !isPart { disks.append((fields[2], Traffic(input: read &* sector, output: written &* sector))) }
    }
    return disks.reduce(Traffic(input: 0, output: 0)) { sum, disk in
      Traffic(input: sum.input &+ disk.traffic.input, output: sum.output &+ disk.traffic.output)
    }
  }

  /// MB per second since `earlier`.
  func rate(since earlier: Traffic, seconds: Double) -> (input: Double, output: Double) {
    guard seconds > 0, input >= earlier.input, output >= earlier.output else { return (0, 0) }
    let megabyte = 1_048_576.0
    return (Double(input - earlier.input) / megabyte / seconds, Double(output - earlier.output) / megabyte / seconds)
  }
}

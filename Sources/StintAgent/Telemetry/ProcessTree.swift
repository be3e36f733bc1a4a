import StintRuntime

/// What one process has used since it began (`/proc/PID/stat`, proc(5)).
struct ProcessUse: Equatable {
  var parent: Int32
  /// Time on processors, in ticks.
  var ticks: UInt64
  var residentPages: UInt64

  static func parse(stat text: String) -> ProcessUse? {
    // The name, in parentheses, may hold anything.
    guard let close = text.lastIndex(of: ")") else { return nil }
    let fields = text[text.index(after: close)...].split(separator: " ")
    guard fields.count > 21, let parent = Int32(fields[1]), let user = UInt64(fields[11]),
      let system = UInt64(fields[12])
    else { return nil }
    return ProcessUse(parent: parent, ticks: user &+ system, residentPages: UInt64(fields[21]) ?? 0)
  }
}

/// A process and all that descend from it, as they are at one moment.
struct ProcessTree {
  private(set) var uses: [Int32: ProcessUse] = [:]
  /// Bytes that they have read from disks and written to them.
  private(set) var disk: [Int32: Traffic] = [:]

  /// Looks at `root`'s descendants; `root` itself does not count.
  init(below root: Int32) {
    var children: [Int32: [Int32]] = [:]
    var all: [Int32: ProcessUse] = [:]
    for process in Files.names(in: "/proc").compactMap(Int32.init) {
      guard let text = Files.readText("/proc/\(process)/stat"), let use = ProcessUse.parse(stat: text) else { continue }
      all[process] = use
      children[use.parent, default: []].append(process)
    }
    var open = children[root] ?? []
    while let process = open.popLast() {
      guard uses[process] == nil, let use = all[process] else { continue }
      uses[process] = use
      disk[process] = Files.readText("/proc/\(process)/io").flatMap(Traffic.parse(processIO:))
      open += children[process] ?? []
    }
  }

  /// Ticks that were used since `earlier`; those of processes that have come and gone between are not known.
  func ticks(since earlier: ProcessTree) -> UInt64 {
    uses.reduce(0) { sum, process in
      let before = earlier.uses[process.key]?.ticks ?? 0
      return sum &+ (process.value.ticks > before ? process.value.ticks - before : 0)
    }
  }

  /// Bytes that went to disks and came from them since `earlier`.
  func disk(since earlier: ProcessTree) -> Traffic {
    disk.reduce(into: Traffic(input: 0, output: 0)) { sum, process in
      let before = earlier.disk[process.key] ?? Traffic(input: 0, output: 0)
      sum.input &+= process.value.input > before.input ? process.value.input - before.input : 0
      sum.output &+= process.value.output > before.output ? process.value.output - before.output : 0
    }
  }

  var residentPages: UInt64 { uses.values.reduce(0) { $0 &+ $1.residentPages } }
}

extension Traffic {
  /// What one process has read from disks and written to them (`/proc/PID/io`).
  static func parse(processIO text: String) -> Traffic? {
    var numbers: [Substring: UInt64] = [:]
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: ":")
      if parts.count == 2 { numbers[parts[0]] = UInt64(parts[1].drop { $0 == " " }) }
    }
    guard let read = numbers["read_bytes"], let written = numbers["write_bytes"] else { return nil }
    return Traffic(input: read, output: written)
  }
}

import StintWire
import Testing

@testable import StintAgent

@Suite struct ProcFilesTests {
  @Test("the load of each core is what it was busy with between two looks")
  func cores() throws {
    let first = CoreTimes.parse(
      stat: "cpu  10 0 10 100 0 0 0 0 0 0\ncpu0 100 0 100 700 100 0 0 0 0 0\ncpu1 5 0 5 90 0 0 0 0\nintr 5 0\nctxt 7\n")
    let second = CoreTimes.parse(
      stat: "cpu  10 0 10 100 0 0 0 0 0 0\ncpu0 150 0 125 750 175 0 0 0 0 0\ncpu1 5 0 5 190 0 0 0 0\nintr 5 0\n")
    #expect(first == [CoreTimes(busy: 200, total: 1000), CoreTimes(busy: 10, total: 100)])
    #expect(zip(second, first).map { $0.percent(since: $1) } == [37.5, 0])
  }

  @Test("a counter that went backwards is no load")
  func backwards() {
    #expect(CoreTimes(busy: 1, total: 2).percent(since: CoreTimes(busy: 5, total: 9)) == 0)
    let rate = Traffic(input: 1, output: 1).rate(since: Traffic(input: 2, output: 2), seconds: 1)
    #expect(rate == (0, 0))
  }

  @Test("memory that can be had counts as free")
  func memory() {
    let text = "MemTotal:       16384 kB\nMemFree:         1024 kB\nMemAvailable:    4096 kB\nBuffers: 5 kB\n"
    #expect(MemoryState.parse(meminfo: text) == MemoryState(used: 12, free: 4))
    #expect(MemoryState.parse(meminfo: "") == nil)
  }

  @Test("network traffic is that of all interfaces but the loopback")
  func network() {
    let text = """
      Inter-|   Receive                                                |  Transmit
       face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
          lo: 1000 1 0 0 0 0 0 0 1000 1 0 0 0 0 0 0
        eth0: 200 2 0 0 0 0 0 0 30 1 0 0 0 0 0 0
      wlan0:5 2 0 0 0 0 0 0 7 1 0 0 0 0 0 0
      """
    #expect(Traffic.parse(networkDevices: text) == Traffic(input: 205, output: 37))
    let rate = Traffic(input: 3 << 20, output: 1 << 20).rate(since: Traffic(input: 1 << 20, output: 0), seconds: 2)
    #expect(rate == (1, 0.5))
  }

  @Test("disk traffic is that of whole disks: no partitions, no loops")
  func disks() {
    let text = """
         7       0 loop0 10 0 100 0 0 0 0 0 0 0 0
       259       0 nvme0n1 10 0 8 0 4 0 16 0 0 0 0
       259       1 nvme0n1p1 10 0 8 0 4 0 16 0 0 0 0
         8       0 sda 1 0 2 0 1 0 4 0 0 0 0 0 0 0 0 0 0
         8       1 sda1 1 0 2 0 1 0 4 0 0 0 0
       254       0 dm-0 1 0 2 0 1 0 4 0 0 0 0
      """
    #expect(Traffic.parse(diskStatistics: text) == Traffic(input: 10 * 512, output: 20 * 512))
  }

  #if os(Linux)
  @Test("this machine tells its own load")
  func thisMachine() async throws {
    let stats = await MachineSampler(home: "/").measure()
    #expect(try #require(stats.cpuUsage).isEmpty == false)
    #expect(try #require(stats.memoryUsed) > 0)
    #expect((0...100).contains(try #require(stats.diskFreeHome)))
  }
  #endif
}

@Suite("The processes of a task")
struct ProcessTreeTests {
  @Test("a process is read whatever it is called")
  func stat() {
    let tail = "R 7 1 1 0 -1 4194304 120 0 0 0 30 12 0 0 20 0 1 0 500 10000000 900 18446744073709551615 1 1"
    let use = ProcessUse(parent: 7, ticks: 42, residentPages: 900)
    #expect(ProcessUse.parse(stat: "12 (python) \(tail)") == use)
    #expect(ProcessUse.parse(stat: "12 (a) R (b\n) \(tail)") == use)
    #expect(ProcessUse.parse(stat: "12 (python) R 7") == nil)
    #expect(ProcessUse.parse(stat: "") == nil)
    let io = "rchar: 1\nwchar: 2\nread_bytes: 4096\nwrite_bytes: 8192\ncancelled_write_bytes: 0\n"
    #expect(Traffic.parse(processIO: io) == Traffic(input: 4096, output: 8192))
  }
}

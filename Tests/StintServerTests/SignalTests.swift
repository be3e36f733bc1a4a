import Synchronization
import Testing

@testable import StintServer

@Suite struct SignalTests {
  @Test("a caller that waits is woken by a ring and looks again")
  func wakes() async throws {
    let signal = Signal()
    let value = Mutex(0)
    async let found = signal.poll(["q"], upTo: .seconds(60)) { value.withLock { $0 > 0 ? $0 : nil } }
    while signal.waiting == 0 { await Task.yield() }
    value.withLock { $0 = 7 }
    signal.ring("q", .one)
    #expect(try await found == 7)
    #expect(signal.waiting == 0)
  }

  @Test("one ring wakes one caller, the one that waits longest")
  func one() async throws {
    let signal = Signal()
    let looks = Mutex([0, 0])
    let items = Mutex(0)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for index in 0..<2 {
        group.addTask {
          _ = try await signal.poll(["q"], upTo: .seconds(60)) { () -> Int? in
            looks.withLock { $0[index] += 1 }
            return items.withLock { count in
              guard count > 0 else { return nil }
              count -= 1
              return index
            }
          }
        }
        while signal.waiting <= index { await Task.yield() }
        while looks.withLock({ $0[index] }) == 0 { await Task.yield() }
      }
      items.withLock { $0 = 1 }
      signal.ring("q", .one)
      try await group.next()
      #expect(looks.withLock { $0 } == [2, 1])
      signal.close()
      try await group.waitForAll()
    }
  }

  @Test("closing sends everybody away at once")
  func closing() async throws {
    let signal = Signal()
    async let found: Int? = signal.poll(["q"], upTo: .seconds(3600)) { nil }
    while signal.waiting == 0 { await Task.yield() }
    signal.close()
    #expect(try await found == nil)
    let late: Int? = try await signal.poll(["q"], upTo: .seconds(3600)) { nil }
    #expect(late == nil)
  }
}

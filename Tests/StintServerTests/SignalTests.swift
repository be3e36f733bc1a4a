import Synchronization
import Testing

@testable import StintServer

@Suite struct SignalTests {
  @Test("a caller that waits is woken by a ring and looks again")
  func wakes() async throws {
    let signal = Signal()
    let shelf = Shelf()
    async let found = signal.poll(["q"], upTo: .seconds(60)) { shelf.look(as: 7) }
    while shelf.looks(of: 7) == 0 { await Task.yield() }
    shelf.put()
    signal.ring("q", .one)
    #expect(try await found == 7)
    #expect(signal.waiting == 0)
  }

  @Test("one ring wakes one caller, the one that waits longest")
  func one() async throws {
    let signal = Signal()
    let shelf = Shelf()
    async let first = signal.poll(["q"], upTo: .seconds(60)) { shelf.look(as: 0) }
    while shelf.looks(of: 0) == 0 { await Task.yield() }
    async let second = signal.poll(["q"], upTo: .seconds(60)) { shelf.look(as: 1) }
    while shelf.looks(of: 1) == 0 { await Task.yield() }

    shelf.put()
    signal.ring("q", .one)

    #expect(try await first == 0)
    #expect(shelf.looks(of: 1) == 1)
    signal.close()
    #expect(try await second == nil)
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

/// Holds things of which each can be taken once, and counts who looked.
private final class Shelf: Sendable {
  private let state = Mutex((things: 0, looks: [Int: Int]()))

  func put() { state.withLock { $0.things += 1 } }

  func looks(of caller: Int) -> Int { state.withLock { $0.looks[caller] ?? 0 } }

  func look(as caller: Int) -> Int? {
    state.withLock { state in
      state.looks[caller, default: 0] += 1
      guard state.things > 0 else { return nil }
      state.things -= 1
      return caller
    }
  }
}

import StintModel
import Testing

@testable import StintServer

@Suite struct ClockWatchTests {
  private let start = (steady: ContinuousClock.now, wall: Timestamp.now)

  private func wasSet(after passed: Int, shown: Int) -> Bool {
    var watch = ClockWatch(steady: start.steady, wall: start.wall)
    return watch.look(steady: start.steady + .seconds(passed), wall: start.wall.advanced(bySeconds: shown))
  }

  @Test("a clock that goes on, or is slewed, was not set")
  func goesOn() {
    #expect(!wasSet(after: 1, shown: 1))
    #expect(!wasSet(after: 36_000, shown: 36_000))
    #expect(!wasSet(after: 60, shown: 57))
  }

  @Test("a clock that jumps, to either side, was set", arguments: [3600, -3600, 10, -10])
  func jumps(seconds: Int) { #expect(wasSet(after: 1, shown: 1 + seconds)) }

  @Test("it is steady from the last jump on, and a jump is told once")
  func steadySince() {
    var watch = ClockWatch(steady: start.steady, wall: start.wall)
    #expect(watch.steadySince == start.steady)
    #expect(watch.isTrusted(after: .seconds(60), steady: start.steady))
    let (jump, later) = (start.steady + .seconds(5), start.steady + .seconds(6))
    let told = watch.look(steady: jump, wall: start.wall.advanced(bySeconds: 3605))
    let toldAgain = watch.look(steady: later, wall: start.wall.advanced(bySeconds: 3606))
    #expect(told && !toldAgain)
    #expect(watch.steadySince == jump)
    #expect(watch.wasEverSet)
    #expect(!watch.isTrusted(after: .seconds(60), steady: jump + .seconds(59)))
    #expect(watch.isTrusted(after: .seconds(60), steady: jump + .seconds(61)))
  }
}

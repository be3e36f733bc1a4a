import Testing

@testable import StintAgent

@Suite struct DoorbellTests {
  @Test("a ring ends the wait, also one that came before it", .timeLimit(.minutes(1)))
  func rings() async {
    let bell = Doorbell()
    bell.ring()
    await bell.wait(upTo: .seconds(600))
    async let waiting: Void = bell.wait(upTo: .seconds(600))
    bell.ring()
    await waiting
  }

  @Test("the wait ends with its time and with its task", .timeLimit(.minutes(1)))
  func ends() async {
    let bell = Doorbell()
    await bell.wait(upTo: .milliseconds(1))
    let task = Task { await bell.wait(upTo: .seconds(600)) }
    task.cancel()
    await task.value
  }
}

import StintWire
import Testing

@testable import StintAgent

@Suite struct AbortCallbackTests {
  @Test("the time and the pause between two looks add up, as numbers or as text")
  func time() {
    let numbers: [String: JSON] = ["_abort_callback_timeout": 30.5, "_abort_poll_freq": 15]
    #expect(AbortCallback(runtime: numbers)?.time == .seconds(45.5))
    #expect(AbortCallback(runtime: ["_abort_callback_timeout": "180"])?.time == .seconds(180))
  }

  @Test("no callback is waited for where none is registered", arguments: [nil, -1, 0, "", "soon", "inf"] as [JSON?])
  func none(timeout: JSON?) {
    var runtime: [String: JSON] = ["_abort_poll_freq": 15]
    runtime["_abort_callback_timeout"] = timeout
    #expect(AbortCallback(runtime: runtime) == nil)
  }

  @Test(
    "a callback is over when its code says so",
    arguments: [(1, true), ("1", true), (true, true), ("", false), (0, false), (.null, false)] as [(JSON, Bool)])
  func over(value: JSON, isOver: Bool) {
    let runtime: [String: JSON] = ["_abort_callback_timeout": 30, "_abort_callback_completed": value]
    #expect(AbortCallback(runtime: runtime)?.isOver == isOver)
  }

  @Test("what an earlier run registered is forgotten, and nothing else")
  func cleared() {
    let runtime: [String: JSON] = ["_abort_callback_timeout": 30, "_abort_callback_completed": 1, "mine": "kept"]
    #expect(AbortCallback.cleared(runtime) == ["mine": "kept"])
  }
}

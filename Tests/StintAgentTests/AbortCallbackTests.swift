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

  @Test("what an earlier run registered is named, and nothing else")
  func names() {
    let runtime: [String: JSON] = ["_abort_callback_timeout": 30, "_abort_callback_completed": 1, "mine": "kept"]
    #expect(AbortCallback.names(in: runtime) == ["_abort_callback_timeout", "_abort_callback_completed"])
  }

  @Test("what an agent registers for its command is not taken for its code's own")
  func ofCommand() {
    let command = AbortCommand(
      variables: ["CLEARML_AGENT_ABORT_CALLBACK_CMD": "save"], agent: [:], workingDirectory: "/")
    var runtime = command?.properties ?? [:]
    #expect(AbortCallback(runtime: runtime)?.isOfCode == false)

    runtime.merge(["_abort_callback_timeout": 30.0, "_abort_callback_completed": ""]) { $1 }
    #expect(AbortCallback(runtime: runtime)?.isOfCode == true)
  }
}

@Suite struct AbortCommandTests {
  private func command(_ text: String, seconds: String? = nil, agent: [String: String] = [:]) -> AbortCommand? {
    var variables = ["CLEARML_AGENT_ABORT_CALLBACK_CMD": text, "CLEARML_TASK_ID": "1"]
    variables["CLEARML_AGENT_ABORT_CALLBACK_TIMEOUT"] = seconds
    return AbortCommand(variables: variables, agent: agent, workingDirectory: "/code")
  }

  @Test("a command is split as a shell does it, and does not see that it is one")
  func words() {
    let command = command("sh -c 'save \"$HOME\"' now")
    #expect(command?.argv == ["sh", "-c", "save \"$HOME\"", "now"])
    #expect(command?.variables == ["CLEARML_TASK_ID": "1"])
    #expect(command?.workingDirectory == "/code")
  }

  @Test("no command is none", arguments: ["", "  ", "sh -c 'unclosed"])
  func none(text: String) { #expect(command(text) == nil) }

  @Test(
    "a time that makes no sense is clearml-agent's own",
    arguments: [(nil, 190), ("", 190), ("soon", 190), ("-1", 190), ("30", 40), (" 0 ", 10)] as [(String?, Int)])
  func time(seconds: String?, expected: Int) {
    #expect(command("save", seconds: seconds)?.time == .seconds(expected))
  }

  @Test("the agent's own variables count where the task has none")
  func ofAgent() {
    let agent = ["CLEARML_AGENT_ABORT_CALLBACK_CMD": "save", "CLEARML_AGENT_ABORT_CALLBACK_TIMEOUT": "5"]
    let command = AbortCommand(variables: [:], agent: agent, workingDirectory: "/")
    #expect(command?.argv == ["save"])
    #expect(command?.time == .seconds(15))
  }
}

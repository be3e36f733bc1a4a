import Testing

@testable import StintRuntime

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

@Suite("A command", .timeLimit(.minutes(2)))
struct CommandTests {
  private func command(_ script: String, input: String = "", limit: Int = 1 << 20) -> Command {
    Command(["sh", "-c", script], environment: inherited, input: Array(input.utf8), outputLimit: limit)
  }

  @Test("keeps its two streams apart and reads its input")
  func streams() async throws {
    let output = try await command("cat; echo error >&2", input: "hello\n").run()
    #expect(output.text == "hello")
    #expect(output.standardError == Array("error\n".utf8))
  }

  @Test("that does not read a large input is no failure")
  func unreadInput() async throws {
    #expect(try await command("echo done", input: String(repeating: "x", count: 1 << 20)).run().text == "done")
  }

  @Test("gives every line as it comes, from both streams in order, without passwords")
  func lines() async throws {
    let lines = Lines()
    _ = try await command("echo one; echo two >&2; printf 'get https://me:pw@host/x\\rend'").run(onLine: lines.add)
    #expect(lines.all == ["one", "two", "get https://****@host/x", "end"])
  }

  @Test("that fails says with which code and what it said last")
  func failure() async throws {
    await #expect(throws: CommandError.failed(program: "sh", code: 4, lastLines: ["no https://****@host"])) {
      try await command("echo fine; echo no https://token@host >&2; exit 4").run()
    }
    await #expect(throws: CommandError.signaled(program: "sh", signal: SIGKILL, lastLines: [])) {
      try await command("kill -9 $$").run()
    }
  }

  @Test("that is tied to this process behaves as it does alone")
  func tied() async throws {
    try await Command.$guardian.withValue(try shimExecutable()) {
      try await streams()
      try await unreadInput()
      try await lines()
      try await failure()
      try await missing()
    }
  }

  @Test("that tells a long story behind its error still says the error")
  func longStory() async throws {
    let error = await #expect(throws: CommandError.self) {
      try await command("echo 'error: no apple'; echo '  cause: winter'; seq 100; exit 2").run()
    }
    #expect(error?.lastLines.prefix(2) == ["error: no apple", "  cause: winter"])
    #expect(error?.lastLines.last == "100")
  }

  @Test("that is not installed says what to install")
  func missing() async throws {
    let error = await #expect(throws: CommandError.self) {
      try await Command(["git", "--version"], environment: ["PATH": "/nowhere"]).run()
    }
    #expect(error?.description.contains("apt install git") == true)
  }

  @Test("in a folder that does not exist says so")
  func missingFolder() async throws {
    let error = await #expect(throws: CommandError.self) {
      try await Command(["true"], environment: inherited, workingDirectory: "/no/such/folder").run()
    }
    #expect(error?.description.contains("/no/such/folder") == true)
  }

  @Test("prints more than is kept without blocking")
  func bound() async throws {
    let output = try await command("head -c 300000 /dev/zero | tr '\\0' a; echo tail >&2", limit: 1000).run()
    #expect(output.standardOutput == [UInt8](repeating: UInt8(ascii: "a"), count: 1000))
    #expect(output.standardError == Array("tail\n".utf8))
  }

  @Test("is ended with its whole group when its time is over or it is cancelled", arguments: [true, false])
  func ended(byTime: Bool) async throws {
    let scratch = try Scratch()
    var stubborn = command("(trap '' TERM; sleep 1000) & echo $! > '\(scratch.path("child"))'; sleep 1000")
    stubborn.timeLimit = byTime ? .seconds(1) : .seconds(600)
    let running = Task { [stubborn] in try await stubborn.run() }
    if !byTime {
      try await eventually("the child runs") { Files.readText(scratch.path("child"))?.hasSuffix("\n") == true }
      running.cancel()
    }
    await #expect(
      throws: byTime ? CommandError.timedOut(program: "sh", limit: .seconds(1)) : .cancelled(program: "sh")
    ) { try await running.value }
    // On a machine that is busy enough the time is over before the child is born.
    if let child = Files.readText(scratch.path("child")).flatMap({ Int32($0.dropLast()) }) {
      try await eventually("the child is gone") { !isAlive(child) }
    }
  }

  @Test("has no terminal that could ask for a password")
  func noTerminal() async throws {
    await #expect(throws: CommandError.self) { try await command("exec < /dev/tty").run() }
  }
}

@Suite("Masking")
struct SecretsTests {
  @Test("hides the user part of every address and nothing else")
  func mask() {
    #expect(Secrets.mask("x https://a:b@h/p?q=1@2 ssh://git@h y") == "x https://****@h/p?q=1@2 ssh://****@h y")
    #expect(Secrets.mask("https://h/a@b and git@h:p") == "https://h/a@b and git@h:p")
    #expect(Secrets.mask("://") == "://")
  }
}

import Foundation
import StintRuntime
import StintWire
import Testing

@testable import StintPlan

@Suite struct ShellScriptTests {
  /// What `sh` prints for a script.
  private func output(of script: String, in folder: URL? = nil) async throws -> Data {
    let shell = Command(
      ["/bin/sh", "-s"], environment: ProcessInfo.processInfo.environment, workingDirectory: folder?.path,
      input: Array(script.utf8))
    return Data(try await shell.run().standardOutput)
  }

  @Test("sh reads a quoted text back byte for byte, whatever it holds")
  func quoting() async throws {
    var generator = SystemRandomNumberGenerator()
    let awkward = Array("'\"\\$`!*?~#&|;<>(){}[]\n\t\r -=%é漢🙂a0".unicodeScalars)
    var texts = ["", "'", "''", "a'b", "$(id)", "`id`", "\\", "\n", "-n", "%s", "~", "a b", "é"]
    for _ in 0..<300 {
      let length = Int.random(in: 0...40, using: &generator)
      var text = ""
      for _ in 0..<length { text.unicodeScalars.append(awkward.randomElement(using: &generator) ?? "x") }
      texts.append(text)
    }
    let script = texts.map { "printf '%s\\0' \(ShellWords.quote($0))" }.joined(separator: "\n")
    let words = try await output(of: script).split(separator: 0, omittingEmptySubsequences: false).dropLast()
    #expect(words.map { Data($0) } == texts.map { Data($0.utf8) })
  }

  @Test("splitting undoes quoting")
  func splitting() {
    let words = ["a b", "", "it's", "\"x\"", "\\", "$HOME", "plain"]
    #expect(ShellWords.split(words.map(ShellWords.quote).joined(separator: " ")) == words)
    #expect(ShellWords.split("a \"b\\\"c\" d\\ e") == ["a", "b\"c", "d e"])
    #expect(ShellWords.split("'open") == nil)
  }

  @Test("the whole script is valid sh and holds the task's texts only in quotes")
  func hostilePlanIsHarmless() async throws {
    let hostile = "'; touch hacked; echo '$(touch hacked)`touch hacked`"
    let plan = try plan([
      "repository": .string("https://example.test/\(hostile)"), "branch": .string(hostile),
      "entry_point": .string(hostile),
      "diff": .string("diff \(hostile)"), "working_dir": .string("dir \(hostile)"),
      "requirements": ["pip": .string("six\n\(hostile)")],
    ])
    try await inTemporaryFolder { folder in
      // The programs do nothing here, and the folder is one of ours.
      let stubs = """
        git() { :; }
        python3() { :; }
        cd() { :; }
        mktemp() {
          mkdir -p root/venv/bin
          printf '#!/bin/sh\\n[ "$1" = -m ] || echo ran\\n' > root/venv/bin/python
          chmod +x root/venv/bin/python
          echo "$PWD/root"
        }

        """
      let printed = try await output(of: stubs + plan.script, in: folder)
      #expect(String(decoding: printed, as: UTF8.self) == "ran\n")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["root"])
    }
  }

  @Test("a script without packages runs with nothing but python")
  func runsForReal() async throws {
    var plan = try plan(["diff": "import os\nprint('hi', os.environ['CLEARML_TASK_ID'])", "entry_point": "it's.py"])
    // Making an environment takes seconds and is not what is looked at here.
    plan.steps = plan.steps.map { step in
      guard case .environment(var request) = step else { return step }
      request.place = .nowhere
      return .environment(request)
    }
    try await inTemporaryFolder { folder in
      let printed = try await output(of: "export TMPDIR=\"$PWD\"\n" + plan.script, in: folder)
      #expect(String(decoding: printed, as: UTF8.self) == "hi a1b2\n")
    }
  }

  private func inTemporaryFolder(_ body: (URL) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("stint-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try await body(folder)
  }

  @Test("the listing names every step in order")
  func listing() throws {
    let plan = try plan([
      "repository": "https://example.test/r.git", "version_num": "abc", "entry_point": "a b.py",
      "diff": "diff --git a b\n",
      "requirements": ["pip": "six"],
    ])
    let numbered = plan.listing.split(separator: "\n").filter { $0.first?.isNumber == true }
    #expect(
      numbered == [
        "1. fetch code https://example.test/r.git", "2. apply the uncommitted change (1 file)",
        "3. environment python3, packages by pip", "4. run python -u 'a b.py'",
      ])
  }
}

import Subprocess
import Synchronization

#if canImport(System)
import System
#else
import SystemPackage
#endif
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A helper program to run to its end: git, uv, pip, python. Never goes through a shell.
///
///     let version = try await Command(["git", "--version"], environment: variables).run().text
package struct Command: Sendable {
  /// The program (looked up in the environment's PATH where it has no slash) and its arguments.
  package var argv: [String]
  /// All variables of the program.
  package var environment: [String: String]
  /// Where it runs; nil means here.
  package var workingDirectory: String?
  /// What it reads from its standard input.
  package var input: [UInt8]
  /// How long it may take.
  package var timeLimit: Duration?
  /// How many bytes of each stream are kept.
  package var outputLimit: Int

  /// The `stint` binary, where programs that this task runs shall not outlive this process, even if it is killed.
  @TaskLocal package static var guardian: String?

  /// A program to run; nothing starts yet.
  package init(
    _ argv: [String], environment: [String: String], workingDirectory: String? = nil, input: [UInt8] = [],
    timeLimit: Duration? = nil, outputLimit: Int = 8 << 20
  ) {
    self.argv = argv
    self.environment = environment
    self.workingDirectory = workingDirectory
    self.input = input
    self.timeLimit = timeLimit
    self.outputLimit = outputLimit
  }

  /// Runs the program and returns what it printed; an exit code other than 0 is an error.
  ///
  /// With `onLine`, both streams arrive there line by line, in order, and together in `standardOutput`. When the task
  /// is cancelled or the time is over, the program's whole process group is ended.
  package func run(onLine: (@Sendable (String) -> Void)? = nil) async throws(CommandError) -> CommandOutput {
    let configuration = try configuration()
    let group = ProcessGroup()
    let outcome: Result<Outcome, any Error>
    if let timeLimit {
      outcome = await withDeadline(timeLimit) { try await collect(configuration, group, onLine) }
    } else {
      outcome = await Result { try await collect(configuration, group, onLine) }
    }
    let timedOut: Bool
    if case .failure(is DeadlineExceeded) = outcome { timedOut = true } else { timedOut = false }
    if timedOut || Task.isCancelled {
      group.end()
      throw Task.isCancelled ? .cancelled(program: name) : .timedOut(program: name, limit: timeLimit ?? .zero)
    }
    switch outcome {
    case .failure(let error): throw translate(error)
    case .success((.exited(0), let output)): return output
    case .success((.exited(let code), let output)):
      throw .failed(program: name, code: code, lastLines: output.lastLines())
    case .success((.signaled(let number), let output)):
      throw .signaled(program: name, signal: number, lastLines: output.lastLines())
    }
  }

  private typealias Outcome = (status: TerminationStatus, output: CommandOutput)

  /// The program and its first argument, which for git and uv is the verb. The rest may be long or secret.
  private var name: String {
    let program = argv.first.map { $0.split(separator: "/").last.map(String.init) ?? $0 } ?? ""
    guard argv.count > 1, argv[1].allSatisfy({ $0.isLetter || $0 == "-" }), !argv[1].hasPrefix("-") else {
      return program
    }
    return "\(program) \(argv[1])"
  }

  private func configuration() throws(CommandError) -> Configuration {
    guard let program = argv.first, !program.isEmpty else { throw .programMissing(program: "") }
    guard let path = ProgramSearch.find(program, path: environment["PATH"]) else {
      throw .programMissing(program: program)
    }
    if let workingDirectory, Files.stamp(workingDirectory)?.isDirectory != true {
      throw .cannotStart(program: name, reason: "the folder \(workingDirectory) does not exist")
    }
    var options = PlatformOptions()
    // A session of its own has no terminal, so nothing in it can stop to ask for a password.
    options.createSession = true
    options.teardownSequence = [.gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: .seconds(2))]
    let tied = Self.guardian.map { [$0, "shim", "--tied", "\(getpid())", "--", path] + argv.dropFirst() }
    return Configuration(
      executable: .path(FilePath(tied?[0] ?? path)),
      arguments: Arguments(
        executablePathOverride: tied?[0] ?? program, remainingValues: Array((tied ?? argv).dropFirst())),
      environment: .custom(
        Dictionary(uniqueKeysWithValues: environment.map { (Environment.Key(stringLiteral: $0.key), $0.value) })),
      workingDirectory: workingDirectory.map { FilePath($0) },
      platformOptions: options)
  }

  private func collect(
    _ configuration: Configuration, _ group: ProcessGroup, _ onLine: (@Sendable (String) -> Void)?
  ) async throws -> Outcome {
    // A file, not a pipe: a program that does not read its input is no reason to fail.
    let file = input.isEmpty ? open("/dev/null", O_RDONLY | O_CLOEXEC) : try Files.anonymous(holding: input)
    guard file >= 0 else { throw FileError("cannot open", "/dev/null") }
    let source = FileDescriptorInput.fileDescriptor(FileDescriptor(rawValue: file), closeAfterSpawningProcess: true)
    let limit = outputLimit
    if let onLine {
      let result = try await Subprocess.run(
        configuration, input: source, output: .sequence, error: .combinedWithOutput
      ) { execution in
        group.set(execution.processIdentifier.value)
        var lines = LineSplitter()
        var kept = KeptBytes(limit: limit, keepsEnd: true)
        for try await part in execution.standardOutput {
          part.withUnsafeBytes { bytes in
            kept.append(bytes)
            lines.append(bytes, onLine)
          }
        }
        lines.finish(onLine)
        return kept.bytes
      }
      return (result.terminationStatus, CommandOutput(standardOutput: result.closureResult, standardError: []))
    }
    let result = try await Subprocess.run(configuration, input: source, output: .sequence, error: .sequence) {
      execution in
      group.set(execution.processIdentifier.value)
      async let errors = Self.all(of: execution.standardError, limit: limit, keepsEnd: true)
      let output = try await Self.all(of: execution.standardOutput, limit: limit, keepsEnd: false)
      return CommandOutput(standardOutput: output, standardError: try await errors)
    }
    return (result.terminationStatus, result.closureResult)
  }

  private static func all(
    of stream: SubprocessOutputSequence, limit: Int, keepsEnd: Bool
  ) async throws -> [UInt8] {
    var kept = KeptBytes(limit: limit, keepsEnd: keepsEnd)
    for try await part in stream { part.withUnsafeBytes { kept.append($0) } }
    return kept.bytes
  }

  private func translate(_ error: any Error) -> CommandError {
    if let error = error as? SubprocessError, error.code == .executableNotFound {
      return .programMissing(program: argv.first ?? "")
    }
    return .cannotStart(program: name, reason: "\(error)")
  }
}

/// The process group of a running command, to be ended from outside.
private final class ProcessGroup: Sendable {
  private let leader = Mutex<pid_t?>(nil)

  func set(_ process: pid_t) { leader.withLock { $0 = process } }

  func end() { leader.withLock { if let leader = $0 { _ = kill(-leader, SIGKILL) } } }
}

private struct DeadlineExceeded: Error {}

/// The body's result, or `DeadlineExceeded` once the body has been cancelled and has returned.
private func withDeadline<Value: Sendable>(
  _ limit: Duration, _ body: @escaping @Sendable () async throws -> Value
) async -> Result<Value, any Error> {
  await withTaskGroup(of: Result<Value, any Error>?.self) { group in
    group.addTask { await Result { try await body() } }
    group.addTask {
      try? await Task.sleep(for: limit)
      return nil
    }
    let first = await group.next() ?? nil
    group.cancelAll()
    if let first { return first }
    await group.waitForAll()
    return .failure(DeadlineExceeded())
  }
}

extension Result where Failure == any Error {
  fileprivate init(_ body: () async throws -> Success) async {
    do {
      self = .success(try await body())
    } catch {
      self = .failure(error)
    }
  }
}

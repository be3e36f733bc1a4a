import Testing

@testable import StintRuntime

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

@Suite("A job", .timeLimit(.minutes(2)))
struct JobTests {
  private let scratch: Scratch
  private let shim: String

  init() throws {
    scratch = try Scratch()
    shim = try shimExecutable()
  }

  private func launch(_ argv: [String], in folder: String? = nil) async throws -> Job {
    try await Job.launch(
      directory: scratch.path("job"), argv: argv, environment: inherited, workingDirectory: folder ?? scratch.path,
      shim: shim)
  }

  private func sh(_ script: String) -> [String] { ["sh", "-c", script] }

  private func output(of job: Job) -> String { Files.readText(job.outputFile) ?? "" }

  @Test("ends with its exit code, and keeps both streams in order")
  func exitCode() async throws {
    let job = try await launch(sh("echo out; echo err >&2; echo again; exit 7"))
    let end = try await job.wait()
    #expect(end.reason == .exited(7))
    #expect(!end.stopped)
    #expect(output(of: job) == "out\nerr\nagain\n")
    let started = try #require(end.started)
    let ended = try #require(end.ended)
    #expect(started <= ended)
    #expect(try #require(end.peakMemoryKB) > 0)
  }

  @Test("runs in its folder, in its own process group, with an empty input and default signals")
  func surroundings() async throws {
    let script = """
      import os, signal, sys
      ignored = [s for s in signal.valid_signals() if signal.getsignal(s) == signal.SIG_IGN]
      blocked = signal.pthread_sigmask(signal.SIG_BLOCK, [])
      print(os.getcwd(), os.getpid(), os.getpgrp(), len(sys.stdin.read()), len(blocked), sorted(map(int, ignored)))
      """
    let job = try await launch(["python3", "-c", script])
    #expect(try await job.wait().reason == .exited(0))
    let id = try #require(job.processID)
    // Python itself ignores SIGPIPE and SIGXFSZ.
    #expect(output(of: job) == "\(scratch.path) \(id) \(id) 0 0 [\(SIGPIPE), \(SIGXFSZ)]\n")
  }

  @Test("is ended by its supervisor alone when its lease is over")
  func lease() async throws {
    try Files.makeDirectory(scratch.path("job"))
    let lease = JobLease(directory: scratch.path("job"))
    try lease.extend(from: .now, by: .milliseconds(300))
    let job = try await launch(sh("while :; do sleep 0.05; done"))
    let end = try await job.wait()
    #expect(end.leaseOver)
    #expect(!end.stopped)
    #expect(lease.isOver)
  }

  @Test("runs as long as its lease was moved on, and is killed where it does not end by itself")
  func movedLease() async throws {
    try Files.makeDirectory(scratch.path("job"))
    let lease = JobLease(directory: scratch.path("job"))
    try lease.extend(from: .now, by: .seconds(60))
    let job = try await launch(sh("trap '' TERM; echo started; while :; do sleep 0.05; done"))
    try lease.extend(from: .now, by: .seconds(600))
    while output(of: job).isEmpty { try await Task.sleep(for: .milliseconds(10)) }
    #expect(job.state == .running)
    #expect(!lease.isOver)

    try lease.extend(from: .now, by: .zero)
    let end = try await job.wait()
    #expect(end.reason == .signaled(SIGKILL))
    #expect(end.leaseOver)
  }

  @Test("has the room for its end before it starts, and tells whether the disk is full")
  func end() async throws {
    let gate = scratch.path("gate")
    let job = try await launch(sh("while ! [ -e \(gate) ]; do sleep 0.01; done"))
    #expect(Files.stamp(job.directory + "/.end.tmp")?.size ?? 0 >= 4096)
    try Files.write("", to: gate)
    let end = try await job.wait()
    #expect(end.reason == .exited(0))
    #expect(!end.diskFull)
    #expect(JobEnd(file: "exit 1\ndisk_full 1\n")?.diskFull == true)
  }

  @Test("that a signal ended says which")
  func signal() async throws {
    let job = try await launch(sh("kill -SEGV $$"))
    #expect(try await job.wait().reason == .signaled(SIGSEGV))
  }

  @Test("whose program does not exist has failed to start, with the system's reason")
  func missingProgram() async throws {
    let end = try await launch(["no-such-program-here"]).wait()
    #expect(end.reason == .failedToStart("no-such-program-here: No such file or directory"))
  }

  @Test("whose folder does not exist has failed to start, with the system's reason")
  func missingFolder() async throws {
    let end = try await launch(sh("true"), in: scratch.path("nowhere")).wait()
    #expect(end.reason == .failedToStart("\(scratch.path("nowhere")): No such file or directory"))
  }

  @Test("gets the environment it was given and no open files of the launcher")
  func environment() async throws {
    let held = open(scratch.path("held"), O_RDWR | O_CREAT, 0o600)
    defer { close(held) }
    let job = try await Job.launch(
      directory: scratch.path("job"), argv: sh("echo $GREETING; ls /proc/self/fd 2>/dev/null | wc -l"),
      environment: ["PATH": inherited["PATH"] ?? "", "GREETING": "good morning"], workingDirectory: "/", shim: shim)
    #expect(try await job.wait().reason == .exited(0))
    // Standard streams and the folder that ls itself has open.
    #expect(output(of: job).split(separator: "\n").map { $0.filter { $0 != " " } } == ["goodmorning", "4"])
  }

  @Test("is refused a folder in which another one runs or ran")
  func folderInUse() async throws {
    let job = try await launch(sh("sleep 1000"))
    await #expect(throws: JobError.self) { try await launch(sh("true")) }
    await job.stop(grace: .zero)
    await #expect(throws: JobError.self) { try await launch(sh("true")) }
  }

  @Test("can be stopped, and says that it was")
  func stop() async throws {
    let job = try await launch(sh("trap 'echo bye; exit 3' TERM; echo up; while :; do sleep 0.01; done"))
    try await eventually("the job runs") { output(of: job).contains("up") }
    let end = await job.stop()
    #expect(end.reason == .exited(3))
    #expect(end.stopped)
    #expect(output(of: job).hasSuffix("bye\n"))
    #expect(job.state == .ended(end))
  }

  @Test("that ignores SIGTERM and hides its children in sessions of their own leaves no process behind")
  func stubborn() async throws {
    let script = """
      import os, signal, sys, time
      signal.signal(signal.SIGTERM, signal.SIG_IGN)
      print(os.getpid(), flush=True)
      for _ in range(3):
        if os.fork() == 0:
          os.setsid()
          if os.fork() == 0:
            print(os.getpid(), flush=True)
            time.sleep(1000)
          os._exit(0)
      print("up", flush=True)
      time.sleep(1000)
      """
    let job = try await launch(["python3", "-c", script])
    try await eventually("all processes run") { output(of: job).split(separator: "\n").count == 5 }
    let processes = output(of: job).split(separator: "\n").compactMap { Int32($0) }
    #expect(processes.count == 4)
    let end = await job.stop(grace: .milliseconds(50))
    #expect(end.reason == .signaled(SIGKILL))
    #expect(processes.filter(isAlive) == [])
  }

  @Test("that ends but leaves processes behind takes them along")
  func leftovers() async throws {
    let job = try await launch(sh("setsid sleep 1000 & echo $!; (trap '' TERM; sleep 1000) & echo $!"))
    #expect(try await job.wait().reason == .exited(0))
    let processes = output(of: job).split(separator: "\n").compactMap { Int32($0) }
    #expect(processes.count == 2)
    #expect(processes.filter(isAlive) == [])
  }

  @Test("is found again in its folder, running or ended")
  func adopt() async throws {
    let job = try await launch(sh("while [ ! -e go ]; do sleep 0.01; done; exit 5"))
    let adopted = try Job.adopt(directory: job.directory)
    #expect(adopted.state == .running)
    try scratch.write("go", "")
    #expect(try await adopted.wait().reason == .exited(5))
    #expect(try Job.adopt(directory: job.directory).state == job.state)
  }

  @Test("cannot be adopted where there is none")
  func adoptNothing() {
    #expect(throws: JobError.self) { try Job.adopt(directory: scratch.path("nowhere")) }
  }

  @Test("survives its launcher being killed")
  func launcherKilled() async throws {
    let launcher = Task {
      let script =
        "\"$0\" shim --dir \"$1\" --cwd / -- sh -c 'while [ ! -e \"$0\" ]; do sleep 0.01; done; exit 9' \"$2\""
      try Files.makeDirectory(scratch.path("job"))
      _ = try await Command(
        ["sh", "-c", script + "; kill -9 $$", shim, scratch.path("job"), scratch.path("go")], environment: inherited
      ).run()
    }
    await #expect(throws: CommandError.signaled(program: "sh", signal: SIGKILL, lastLines: [])) {
      try await launcher.value
    }
    let job = try Job.adopt(directory: scratch.path("job"))
    #expect(job.state == .running)
    try scratch.write("go", "")
    #expect(try await job.wait().reason == .exited(9))
  }

  @Test("whose shim is killed is lost, and its processes are ended")
  func shimKilled() async throws {
    let job = try await launch(sh("setsid sleep 1000 & echo $!; echo $$; sleep 1000"))
    try await eventually("the job runs") { output(of: job).split(separator: "\n").count == 2 }
    kill(try #require(job.shimID), SIGKILL)
    #expect(try await job.wait().reason == .lost)
    let processes = output(of: job).split(separator: "\n").compactMap { Int32($0) }
    try await eventually("its processes are gone") { processes.filter(isAlive).isEmpty }
  }

  @Test("whose shim is killed takes its processes along, though no agent looks after it")
  func shimKilledUnwatched() async throws {
    let job = try await launch(sh("(trap '' TERM; exec setsid sleep 1000) & echo $!; echo $$; sleep 1000"))
    try await eventually("the job runs") { output(of: job).split(separator: "\n").count == 2 }
    let processes = output(of: job).split(separator: "\n").compactMap { Int32($0) }

    kill(try #require(job.shimID), SIGKILL)

    try await eventually("its processes are gone") { processes.filter(isAlive).isEmpty }
    try await eventually("its folder is free") { job.state == .ended(.lost) }
  }

  @Test("that was cleared is gone, and nothing of it runs")
  func cleared() async throws {
    let job = try await launch(sh("trap '' TERM; echo $$; while true; do sleep 0.1; done"))
    try await eventually("the job runs") { output(of: job).split(separator: "\n").count == 1 }
    let process = try #require(Int32(output(of: job).prefix { $0 != "\n" }))

    await job.clear()

    #expect(!isAlive(process))
    #expect(!Files.exists(job.directory))
  }

  @Test("whose launch is cancelled runs to no one's surprise: it is stopped, or was never started")
  func cancelledLaunch() async throws {
    for index in 0..<20 {
      let folder = scratch.path("job-\(index)")
      let launching = Task {
        try await Job.launch(
          directory: folder, argv: ["sleep", "1000"], environment: inherited, workingDirectory: "/", shim: shim)
      }
      try await eventually("something happens") {
        Files.exists(folder) && (index % 2 == 0 || Files.exists(folder + "/lock"))
      }
      launching.cancel()
      if let job = try? await launching.value { await job.stop(grace: .zero) }
      let job = try Job.adopt(directory: folder)
      try await eventually("nothing runs") { job.state != .running }
      if let process = job.processID { #expect(!isAlive(process)) }
    }
  }

  @Test("goes on when a wait for it is cancelled")
  func cancelledWait() async throws {
    let job = try await launch(sh("while [ ! -e go ]; do sleep 0.01; done"))
    let waiting = Task { try await job.wait() }
    waiting.cancel()
    await #expect(throws: CancellationError.self) { try await waiting.value }
    #expect(job.state == .running)
    try scratch.write("go", "")
    #expect(try await job.wait().reason == .exited(0))
    job.remove()
    #expect(!Files.exists(job.directory))
  }

  @Test("writes output that can be read from any offset while it runs")
  func tail() async throws {
    let job = try await launch(sh("printf 'abc'; while [ ! -e go ]; do sleep 0.01; done; printf 'def'"))
    let tail = OutputTail(path: job.outputFile)
    try await eventually("the first part is there") { tail.size() == 3 }
    #expect(try tail.read(from: 0, upTo: 100) == Array("abc".utf8))
    #expect(try tail.read(from: 3, upTo: 100) == [])
    try scratch.write("go", "")
    _ = try await job.wait()
    #expect(try tail.read(from: 2, upTo: 2) == Array("cd".utf8))
    #expect(try tail.read(from: 99, upTo: 2) == [])
    #expect(try OutputTail(path: scratch.path("nothing")).read(from: 0, upTo: 1) == [])
  }
}

@Suite("The shim's end file")
struct JobEndTests {
  @Test("is read whole, or not at all")
  func parse() {
    let text = "signal 9\nstarted_ns 5\nended_ns 7\nmaxrss_kb 11\nstopped 1\n"
    #expect(
      JobEnd(file: text)
        == JobEnd(reason: .signaled(9), stopped: true, started: 5, ended: 7, peakMemoryKB: 11))
    #expect(JobEnd(file: "error 2 a b: No such file\n")?.reason == .failedToStart("a b: No such file"))
    for broken in ["", "\n", "exit", "exit x", "gone 1"] { #expect(JobEnd(file: broken) == nil) }
  }
}

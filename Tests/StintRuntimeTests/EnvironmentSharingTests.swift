import Testing

@testable import StintRuntime

/// Code that does to its environment what a task can do to it, and checks that it took effect.
private let attack = """
  import os, subprocess, sys, demo, helper
  before = os.stat(demo.__file__)
  try:
    with open(demo.__file__, 'r+b') as file: file.write(b'version = "0.0"')
    os.utime(demo.__file__, ns=(before.st_atime_ns, before.st_mtime_ns))
  except PermissionError: pass
  os.remove(helper.__file__)
  subprocess.run([sys.executable, '-m', 'pip', 'install', '--quiet', 'extra'], check=True)
  check = 'import extra\\ntry: import helper\\nexcept ImportError: print("done", extra.version)'
  subprocess.run([sys.executable, '-c', check], check=True)
  """

/// Code that tells how it finds its environment.
private let look = """
  import importlib.util, demo, helper
  print('demo', demo.version, 'helper', helper.version, 'extra', importlib.util.find_spec('extra'))
  """
private let untouched = "demo 2.0 helper 0.1 extra None\n"

@Suite("What a task does to its environment", .timeLimit(.minutes(3)))
struct EnvironmentSharingTests {
  private let scratch: Scratch
  private let wheels: WheelHouse
  private let variables: [String: String]

  init() async throws {
    scratch = try Scratch()
    wheels = try await WheelHouse(in: scratch)
    var variables = wheels.variables(uv: try await installedUV())
    variables["PIP_FIND_LINKS"] = wheels.path
    variables["UV_CACHE_DIR"] = scratch.path("packages")
    variables["PYTHONDONTWRITEBYTECODE"] = nil
    self.variables = variables
  }

  private func make(_ environments: Environments, _ requirements: String...) async throws -> PythonEnvironment {
    let spec = EnvironmentSpec(requirements: requirements, index: PackageIndex(findLinks: [wheels.path]))
    return try await environments.environment(for: spec, variables: variables)
  }

  private func launch(_ code: String, in environment: PythonEnvironment, _ name: String) async throws -> Job {
    try await launchPython(code, in: environment, scratch, name: name, variables: variables)
  }

  /// The output of code that runs to its end.
  private func run(_ code: String, in environment: PythonEnvironment, _ name: String) async throws -> String {
    let job = try await launch(code, in: environment, name)
    let end = try await job.wait()
    let output = Files.readText(job.outputFile) ?? ""
    #expect(end.reason == .exited(0), "\(output)")
    return output
  }

  /// Waits until the job's shim has let go of the environment, shortly after it told the job's end.
  private func unused(_ lock: String) async throws {
    withExtendedLifetime(try await FileLock.acquire(lock, .exclusive)) {}
  }

  @Test(
    "is seen by no other task, neither at the same time nor later", .enabled("overlays can be mounted", overlaysWork))
  func shared() async throws {
    let environments = try sharedEnvironments(scratch)
    let environment = try await make(environments, "demo==2.0")
    let gate = scratch.path("gate")
    let witness = try await launch(
      "import os, time\nwhile not os.path.exists('\(gate)'): time.sleep(0.01)\n" + look, in: environment, "witness")

    #expect(try await run(attack, in: environment, "attacker") == "done 3.0\n")
    try Files.write("", to: gate)

    #expect(try await witness.wait().reason == .exited(0))
    #expect(Files.readText(witness.outputFile) == untouched)
    let next = try await make(environments, "demo==2.0")
    #expect(next.reused)
    #expect(next.directory == environment.directory)
    #expect(try await run(look, in: next, "next") == untouched)
    #expect(EnvironmentFolder(path: environment.directory).isUnchanged)
  }

  @Test("is found out before another task gets it, where tasks cannot be kept apart")
  func separate() async throws {
    let environments = separateEnvironments(scratch)
    let attacked: String
    let lock: String
    let other: PythonEnvironment
    do {
      let environment = try await make(environments, "demo==2.0")
      (attacked, lock) = (environment.directory, environment.lockFile)
      other = try await make(environments, "demo==2.0")
      #expect(try await run(attack, in: environment, "attacker") == "done 3.0\n")
    }
    try await unused(lock)
    #expect(other.directory != attacked)
    #expect(try await run(look, in: other, "other") == untouched)
    let next = try await make(environments, "demo==2.0")
    #expect(next.directory == attacked)
    #expect(!next.reused)
    #expect(try await run(look, in: next, "next") == untouched)
  }

  @Test("costs nothing where it only ran code")
  func unchanged() async throws {
    let environments = separateEnvironments(scratch)
    let directory: String
    let lock: String
    do {
      let environment = try await make(environments, "demo==2.0")
      (directory, lock) = (environment.directory, environment.lockFile)
      #expect(try await run(look, in: environment, "first") == untouched)
    }
    try await unused(lock)
    let next = try await make(environments, "demo==2.0")
    #expect(next.reused)
    #expect(next.directory == directory)
  }

  @Test("leaves the package cache alone")
  func packageCache() async throws {
    let environments = separateEnvironments(scratch)
    do {
      let environment = try await make(environments, "demo==2.0")
      #expect(try await run(attack, in: environment, "attacker") == "done 3.0\n")
    }
    // Another environment, from the same packages.
    let other = try await make(environments, "demo==2.0", "helper==0.1")
    #expect(try await run(look, in: other, "other") == untouched)
  }

  @Test("may go on when its agent is gone: the environment stays as long as the job's shim lives")
  func hold() async throws {
    let environments = try sharedEnvironments(scratch, limits: EnvironmentLimits(count: 0))
    let gate = scratch.path("gate")
    let job: Job
    let directory: String
    do {
      let environment = try await make(environments, "demo==2.0")
      job = try await launch(
        "import os, time\nwhile not os.path.exists('\(gate)'): time.sleep(0.01)\n" + look, in: environment, "job")
      directory = environment.directory
    }
    environments.evict()
    #expect(Files.exists(directory))
    try Files.write("", to: gate)
    #expect(try await job.wait().reason == .exited(0))
    #expect(Files.readText(job.outputFile) == untouched)
    environments.evict()
    #expect(!Files.exists(directory))
  }

  @Test(
    "is faster the next time: modules are compiled once for all environments",
    .enabled("overlays can be mounted", overlaysWork))
  func bytecode() async throws {
    let environments = try sharedEnvironments(scratch)
    let environment = try await make(environments, "demo==2.0")
    await environments.compile(environment, variables: variables)
    let compiled = "import os, demo; print(os.path.exists(demo.__cached__), os.stat(demo.__cached__).st_nlink)"

    let first = try await run(compiled, in: environment, "first")
    let other = try await make(environments, "demo==2.0", "extra")
    await environments.compile(other, variables: variables)

    // The store has a link, too.
    #expect(first == "True 2\n")
    #expect(try await run(compiled, in: other, "other") == "True 3\n")
    #expect(EnvironmentFolder(path: environment.directory).isUnchanged)
  }
}

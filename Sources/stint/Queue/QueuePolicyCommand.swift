import ArgumentParser
import StintModel
import StintWire

struct QueuePolicyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "policy", abstract: "Show or set what becomes of a queue's tasks that do not end well.",
    discussion: "Without options it shows the policy; --default takes all of it back.")

  @OptionGroup var client: ClientFlags
  @Argument(help: "The queue's name.") var name: String
  @Flag(name: .customLong("default"), help: "Take back all that was set.") var isDefault = false
  @Option(help: "What becomes of the task of a lost worker: requeue, fail or hold.") var onLoss: QueuePolicy.OnLoss?
  @Option(help: "How many workers a task may lose before it fails (3).") var maxAttempts: Int?
  @Option(help: "Seconds that a worker may be silent before it counts as lost.") var leaseSeconds: Int?
  @Option(help: "How often a failed task is tried again (0).") var retries: Int?
  @Option(help: "Seconds before the first retry; doubles with each (10).") var retryDelaySeconds: Int?
  @Option(parsing: .upToNextOption, help: "The exit codes that are tried again; all where none is named.")
  var retryExitCodes: [Int] = []
  @Option(help: "Seconds that a task may wait in the queue.") var queueLimitSeconds: Int?
  @Option(help: "Seconds that a task may run.") var runLimitSeconds: Int?
  @Option(help: "Seconds that a task may write nothing.") var silenceLimitSeconds: Int?

  func run() async throws {
    let policy = try await Connection.withClient(client) { client in
      let answer = try await client.call(Queues.GetAll.self, ["search_hidden": true])
      guard let queue = answer["queues"]?.array?.first(where: { $0.text("name") == name }) else {
        throw CommandError("there is no queue \(name): see stint queue list")
      }
      let old: QueuePolicy = try isDefault ? QueuePolicy() : queue["policy"]?.decode() ?? QueuePolicy()
      let new = changed(old)
      if new != old || isDefault {
        _ = try await client.call(Queues.Update.self, .init(queue: queue.text("id"), policy: new))
      }
      return new
    }
    let document = try JSON(encoding: policy)
    client.show(document) {
      let members = document.object ?? [:]
      if members.isEmpty {
        print("the default: a lost worker's task is queued again, up to 3 times; a failure is final")
      }
      for (key, value) in members.sorted(by: { $0.key < $1.key }) { print("\(key): \(value.text)") }
    }
  }

  private func changed(_ old: QueuePolicy) -> QueuePolicy {
    var policy = old
    policy.onLoss = onLoss ?? policy.onLoss
    policy.maxAttempts = maxAttempts ?? policy.maxAttempts
    policy.leaseSeconds = leaseSeconds ?? policy.leaseSeconds
    policy.retries = retries ?? policy.retries
    policy.retryDelaySeconds = retryDelaySeconds ?? policy.retryDelaySeconds
    if !retryExitCodes.isEmpty { policy.retryExitCodes = retryExitCodes }
    policy.queueLimitSeconds = queueLimitSeconds ?? policy.queueLimitSeconds
    policy.runLimitSeconds = runLimitSeconds ?? policy.runLimitSeconds
    policy.silenceLimitSeconds = silenceLimitSeconds ?? policy.silenceLimitSeconds
    return policy
  }
}

extension QueuePolicy.OnLoss: ExpressibleByArgument {}

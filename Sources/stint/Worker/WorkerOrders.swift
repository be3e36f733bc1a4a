import ArgumentParser
import StintModel
import StintWire

/// A worker by its identifier, or by the name that somebody gave it.
struct WorkerName: ParsableArguments {
  @Argument(help: "The worker, as stint worker list shows it.") var worker: String

  func order(_ orders: WorkerOrders, _ flags: ClientFlags, _ done: String) async throws {
    let answer = try await Connection.withClient(flags) { client in
      let workers = try await client.call(Workers.GetAll.self, .init()).workers ?? []
      let named = workers.first { $0.text("orders", "name") == worker }?.text("id")
      return try await client.call(Workers.Order.self, .init(worker: named ?? worker, orders: orders))
    }
    flags.show(try JSON(encoding: answer)) { print("\(worker) \(done)") }
  }
}

struct WorkerDrain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drain", abstract: "Let a worker's agent end after the tasks that it runs.")

  @OptionGroup var client: ClientFlags
  @OptionGroup var name: WorkerName

  func run() async throws {
    var orders = WorkerOrders()
    orders.mode = .draining
    try await name.order(orders, client, "takes no more tasks; its agent ends after the running ones")
  }
}

struct WorkerDisable: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "disable", abstract: "Give a worker no tasks until it is enabled again.")

  @OptionGroup var client: ClientFlags
  @OptionGroup var name: WorkerName

  func run() async throws {
    var orders = WorkerOrders()
    orders.mode = .disabled
    try await name.order(orders, client, "takes no more tasks until it is enabled")
  }
}

struct WorkerEnable: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "enable", abstract: "Give a worker tasks again.")

  @OptionGroup var client: ClientFlags
  @OptionGroup var name: WorkerName

  func run() async throws {
    var orders = WorkerOrders()
    orders.mode = .enabled
    try await name.order(orders, client, "takes tasks again")
  }
}

struct WorkerRename: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rename", abstract: "Call a worker something else, for people; an empty name takes that back.")

  @OptionGroup var client: ClientFlags
  @OptionGroup var name: WorkerName
  @Argument(help: "The new name.") var newName: String

  func run() async throws {
    var orders = WorkerOrders()
    orders.name = newName
    try await name.order(orders, client, newName.isEmpty ? "has its own name again" : "is called \(newName)")
  }
}

struct WorkerTake: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "take", abstract: "Say which queues and types of tasks a worker takes, whatever its agent was told.",
    discussion: "Without --queue or --type it takes what its agent was started with.")

  @OptionGroup var client: ClientFlags
  @OptionGroup var name: WorkerName
  @Option(parsing: .upToNextOption, help: "Names of queues, most urgent first.") var queue: [String] = []
  @Option(parsing: .upToNextOption, help: "Types of tasks, as training or data_processing.") var type: [String] = []

  func run() async throws {
    var orders = WorkerOrders()
    orders.types = type
    orders.queues = try await Connection.withClient(client) { client in
      let answer = try await client.call(Queues.GetAll.self, ["only_fields": ["id", "name"], "search_hidden": true])
      let known = answer["queues"]?.array ?? []
      return try queue.map { name in
        guard let id = known.first(where: { $0.text("name") == name || $0.text("id") == name })?.text("id") else {
          throw CommandError("there is no queue \(name): see stint queue list")
        }
        return id
      }
    }
    let taken = [queue, type].filter { !$0.isEmpty }.map { $0.joined(separator: ", ") }
    try await name.order(
      orders, client, taken.isEmpty ? "takes what its agent asks for" : "takes \(taken.joined(separator: "; "))")
  }
}

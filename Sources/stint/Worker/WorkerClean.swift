import ArgumentParser
import StintModel

struct WorkerClean: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clean", abstract: "Have a worker's agent remove what no running task uses from its disk.",
    discussion: CleanupFlags.explanation)

  @OptionGroup var client: ClientFlags
  @OptionGroup var name: WorkerName
  @OptionGroup var cleanup: CleanupFlags

  func run() async throws {
    var orders = WorkerOrders()
    orders.clean = cleanup.value
    try await name.order(orders, client, "cleans up as soon as its agent hears of it")
  }
}

import ArgumentParser

struct TaskCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "task", abstract: "List, show, create, enqueue, follow and stop tasks.",
    subcommands: [TaskList.self, TaskShow.self, TaskCreate.self, TaskEnqueue.self, TaskLog.self, TaskStop.self])
}

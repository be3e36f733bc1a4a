/// Why the agent cannot do what it was told.
package enum AgentError: Error, Equatable, CustomStringConvertible {
  case noQueue(name: String)
  case noTask(id: String)
  case badTaskID(String)
  case unreadableTask(id: String, reason: String)
  case busy(task: String)
  case workerInUse(id: String)
  case runsElsewhere(task: String, worker: String)
  case isOver(task: String, status: String)
  case notQueued(task: String, status: String)
  case notRestarted(worker: String)
  case targetInUse(String)
  case badHours(setting: String, text: String)

  package var description: String {
    switch self {
    case .noQueue(let name):
      "The server has no queue named `\(name)`. Check the name, or let the agent make it with --create-queue."
    case .noTask(let id): "The server has no task \(id). Check the identifier; the task may have been deleted."
    case .badTaskID(let id): "`\(id.prefix(80))` cannot be a task's identifier. Copy it from the server's page."
    case .unreadableTask(let id, let reason):
      "The record of task \(id) is not understood: \(reason). Server and agent may be of different versions."
    case .workerInUse(let id):
      "Another agent on this machine is already worker `\(id)`. Stop it with --stop, or set another CLEARML_WORKER_ID."
    case .runsElsewhere(let task, let worker):
      """
      Task \(task) is being run by worker `\(worker)`, which was heard of less than two minutes ago. Stop the task \
      first, or run a copy of it with --clone.
      """
    case .isOver(let task, let status):
      "Task \(task) is \(status), so running it again would overwrite its results. Reset it, or run a copy with --clone."
    case .notRestarted(let worker):
      "The daemon of worker `\(worker)` ended and did not start again: its log says why. Its tasks go on; start it by hand."
    case .targetInUse(let folder):
      "The folder \(folder) is not empty, and what is in it would be mixed up with the task. Empty it, or name another."
    case .badHours(let setting, let text):
      "The hours `\(text)` of \(setting) are not understood. Write them as in `8-18 MON-FRI`, several with a `;` between."
    case .notQueued(let task, let status):
      "Task \(task) is \(status), and --require-queue wants it in a queue. Enqueue it first, or leave the flag out."
    case .busy(let task): "Task \(task) is being run by another agent on this machine. Wait for it, or stop the task."
    }
  }
}

/// Where our answers differ from those of the stock server, and why.
enum KnownDifferences {
  /// By the number of the call in its scenario.
  static func of(_ scenario: String) -> [Int: String] {
    switch scenario {
    case "tasks-lifecycle":
      [
        9: "a field of the wrong type is 400/12 for every field",
        75: "a task that does not exist can't leave a queue: the stock server says it did",
      ]
    case "tasks-parts":
      [
        36: "a change of tags counts a record once",
        38: "a status changes only by the calls that check it: tasks.edit ignores it",
        42: "that the model does not exist is noticed before the task's status",
      ]
    case "queues-workers":
      [
        9: "queues.get_all_ex honours only_fields",
        29: "queues.get_by_id answers the whole queue however few entries are asked for",
        49: "a task is in one queue only: queues.add_task moves it",
        69: "the company is stint",
        73: "the company is stint",
        80: "workers.get_runtime_properties is served: clearml-agent asks for it",
      ]
    case "projects":
      [
        3: "a missing name is 400/12, as any missing field"
      ]
    case "models":
      [
        16: "models.update changes labels, as its schema says",
        29: "models.update_for_task is served for every version",
        35: "the error's data names the model as id",
      ]
    case "auth-users":
      [
        7: "there are no downloads whose number could be limited",
        8: "there are no users but those that were made",
        9: "there are no users but those that were made",
        10: "nobody asks in which version a user was made",
        23: "an administrator can have a user's token: there is no role above",
        26: "an administrator makes users: there is no role above",
        27: "an administrator can check tokens: there is no role above",
      ]
    default: [:]
    }
  }
}

import StintModel

// What the documents look like that the server keeps. Their types are open in Swift, as clients choose what of them
// they want, and keep in them what they like.

extension Schema {
  /// Documents and their parts by the names of their schemas.
  static let documents: [String: [Property]] = [
    "Task": task(reference: .text),
    "Task.Expanded": task(reference: reference),
    "Task.Execution": fields(
      of(.either([.text, reference]), "queue"), of(.list(.named("Artifact")), "artifacts"),
      of(.object, "parameters", "model_desc"), of(.map(.integer), "model_labels"), of(.integer, "test_split"),
      of(.text, "model", "framework", "docker_cmd")),
    "Task.Attempt": fields(
      of(.integer, "number", "exit_code", "signal", "peak_memory_kb"),
      of(.text, "reason", "message", "worker", "queue"), of(.time, "started", "ended")),
    "Task.Output": of(.text, "destination", "error"),
    "Task.Models": of(.list(.named("Task.Model")), "input", "output"),
    "Task.Model": fields(of(.text, "name", "model"), of(.time, "updated")),
    "Metric": fields(
      of(.text, "metric", "variant"),
      of(.nullable(.number), "value", "min_value", "max_value", "first_value", "mean_value"),
      of(.integer, "min_value_iteration", "max_value_iteration", "first_value_iteration", "count")),
    "Model": model(reference: .text),
    "Model.Expanded": model(reference: reference),
    "Model.Stats": of(.integer, "labels_count"),
    "Project": project(reference: .text),
    "Project.Expanded": project(reference: reference),
    "Project.Stats": of(.named("Project.Activity"), "active", "archived"),
    "Project.DatasetStats": of(.integer, "file_count", "total_size"),
    "Project.Activity": fields(
      of(.map(.integer), "status_count"), of(.nullable(.time), "last_task_run"),
      of(.integer, "total_tasks", "total_runtime", "completed_tasks_24h")),
    "Queue": queue(reference: .text),
    "Queue.Expanded": queue(reference: reference),
    "User": user(company: .text),
    "User.Expanded": user(company: reference),
    "Worker": worker,
    "Worker.State": of(.text, "name", "reason"),
    "Worker.Task": fields(of(.text, "id", "name"), of(.integer, "last_iteration", "running_time")),
    "Worker.Queue": fields(
      of(.text, "id", "name", "display_name"), of(.integer, "num_tasks"), of(reference, "next_task")),
    "Worker.Property": fields(of(.text, "key", "value"), of(.nullable(.integer), "expiry")),
    "Reference": of(.nullable(.text), "id", "name"),
    "Event": event,
  ]

  static let reference = Schema.named("Reference")

  private static func task(reference: Schema) -> [Property] {
    fields(
      common, of(reference, "company", "user", "parent", "project"),
      of(.choice(TaskType.allCases.map(\.rawValue)), "type"),
      of(.choice(TaskStatus.allCases.map(\.rawValue)), "status"),
      of(.text, "comment", "report", "status_message", "status_reason", "last_worker", "last_changed_by"),
      of(.text, "enqueue_status"),
      of(.time, "started", "completed", "published", "status_changed", "last_worker_report", "last_change"),
      of(.time, "enqueued"), of(.list(.named("Task.Attempt")), "attempts"),
      of(.integer, "active_duration", "last_iteration"),
      of(.named("Task.Execution"), "execution"), of(.named("Script"), "script"), of(.named("Task.Output"), "output"),
      of(.named("Task.Models"), "models"), of(.map(.text), "container"),
      of(.map(.map(.named("ParamsItem"))), "hyperparams"), of(.map(.named("ConfigurationItem")), "configuration"),
      of(.map(.map(.named("Metric"))), "last_metrics"), of(.object, "runtime", "metric_stats"),
      of(.list(.text), "report_assets", "unique_metrics"))
  }

  private static func model(reference: Schema) -> [Property] {
    fields(
      common, of(reference, "company", "user", "parent", "project", "task"),
      of(.text, "uri", "comment", "framework", "last_changed_by"), of(.time, "last_change"), of(.boolean, "ready"),
      of(.map(.integer), "labels"), of(.integer, "last_iteration"), of(.map(.named("MetadataItem")), "metadata"),
      of(.map(.map(.named("Metric"))), "last_metrics"), of(.object, "design", "ui_cache"),
      of(.named("Model.Stats"), "stats"))
  }

  private static func project(reference: Schema) -> [Property] {
    fields(
      common, of(reference, "company", "user", "parent"),
      of(.text, "basename", "description", "default_output_destination"), of(.list(.text), "path"),
      of(.integer, "featured"), of(.named("Project.Stats"), "stats"), of(.list(Self.reference), "sub_projects"),
      of(.integer, "own_tasks", "own_models", "own_datasets"),
      of(.named("Project.DatasetStats"), "dataset_stats"))
  }

  private static func queue(reference: Schema) -> [Property] {
    fields(
      common, of(reference, "company", "user"), of(.text, "display_name"),
      of(.list(.named("QueueEntryItem")), "entries"), of(.map(.named("MetadataItem")), "metadata"),
      of(.list(Self.reference), "workers"), of(.named("QueuePolicy"), "policy"))
  }

  private static func user(company: Schema) -> [Property] {
    fields(
      of(.text, "id", "name", "given_name", "family_name", "email", "avatar", "role"), of(.time, "created"),
      of(company, "company"), of(.object, "preferences"))
  }

  private static let worker = fields(
    of(.text, "id", "key", "ip"), of(reference, "company", "user", "project"),
    of(.time, "register_time", "last_activity_time", "last_report_time"), of(.integer, "register_timeout"),
    of(.list(.text), "tags", "system_tags"), of(.named("Worker.Queue"), "queue"),
    of(.list(.named("Worker.Queue")), "queues"), of(.named("Worker.Task"), "task"),
    of(.named("Worker.State"), "state"), of(.named("WorkerOrders"), "orders"),
    of(.named("MachineStats"), "machine_stats"), of(.list(.named("StorageUsage")), "storage"))

  /// What nearly every document has.
  private static let common = fields(
    of(.text, "id", "name"), of(.time, "created", "last_update"), of(.list(.text), "tags", "system_tags"))

  static let eventType = Schema.choice([
    "log", "training_stats_scalar", "training_stats_vector", "training_debug_image", "plot",
  ])

  /// What a task reports. Which members an event has follows from its type.
  private static let event = fields(
    required(eventType, "type"), required(.text, "task"), of(.number, "timestamp"),
    of(.text, "metric", "variant", "worker", "level", "msg", "plot_str", "key", "url"), of(.integer, "iter"),
    of(.nullable(.number), "value"), of(.list(.number), "values"), of(.boolean, "model_event", "allow_locked"))
}

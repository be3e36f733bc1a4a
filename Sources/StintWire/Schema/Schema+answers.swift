// What types leave open because it is put together from documents.

extension Schema {
  /// What is in the open members of a type, by its name. Endpoints whose whole request or answer is open have theirs
  /// under the name that its type would have.
  package static let details: [String: [Property]] = [documentAnswers, otherAnswers, openRequests]
    .reduce([:]) { $0.merging($1) { $1 } }

  /// The objects in those.
  static let parts: [String: [Property]] = [eventParts, otherParts].reduce(documents) { $0.merging($1) { $1 } }

  private static let documentAnswers: [String: [Property]] = [
    "Tasks.GetByID.Response": of(.named("Task"), "task"),
    "Tasks.GetAll.Response": page("tasks", "Task"),
    "Tasks.GetAllEx.Response": page("tasks", "Task.Expanded"),
    "Tasks.GetByIDEx.Response": page("tasks", "Task.Expanded"),
    "Reports.GetAllEx.Response": page("tasks", "Task.Expanded"),
    "Models.GetByID.Response": of(.named("Model"), "model"),
    "Models.GetAll.Response": page("models", "Model"),
    "Models.GetAllEx.Response": page("models", "Model.Expanded"),
    "Models.GetByIDEx.Response": page("models", "Model.Expanded"),
    "Projects.GetByID.Response": of(.named("Project"), "project"),
    "Projects.GetAll.Response": page("projects", "Project"),
    "Projects.GetAllEx.Response": page("projects", "Project.Expanded"),
    "Queues.GetByID.Response": of(.named("Queue"), "queue"),
    "Queues.GetByTaskID.Response": of(.named("Queue"), "queue"),
    "Queues.GetAll.Response": page("queues", "Queue"),
    "Queues.GetAllEx.Response": page("queues", "Queue.Expanded"),
    "Users.GetByID.Response": of(.named("User"), "user"),
    "Users.GetAll.Response": page("users", "User"),
    "Users.GetAllEx.Response": page("users", "User.Expanded"),
    "Users.GetCurrentUser.Response": fields(
      of(.named("User.Expanded"), "user"), of(.object, "getting_started", "settings")),
    "Workers.GetAll.Response": of(.list(.named("Worker")), "workers"),
    "Workers.GetRuntimeProperties.Response": of(.list(.named("Worker.Property")), "runtime_properties"),
    "Events.GetTaskLog.Response": of(events, "events"),
    "Events.GetTaskEvents.Response": of(events, "events"),
    "Events.GetTaskPlots.Response": of(events, "plots"),
    "Events.GetPlotSample.Response": of(events, "events"),
    "Events.GetDebugImageSample.Response": of(.named("Event"), "event"),
    "Events.VectorMetricsIterHistogram.Response": of(events, "images"),
    "Events.GetMultiTaskPlots.Response": of(taskPlots, "plots"),
    "Events.GetTaskMetrics.Response": of(.list(.named("TaskMetricNames")), "metrics"),
    "Events.GetTaskLatestScalarValues.Response": of(.list(.named("LatestMetric")), "metrics"),
    "Events.ScalarMetricsIterRaw.Response": of(.map(.named("RawPoints")), "variants"),
    "Events.DebugImages.Response": iterationPage,
    "Events.Plots.Response": iterationPage,
    "Events.GetTaskSingleValueMetrics.Response": of(.list(.named("TaskValues")), "tasks"),
    "Reports.GetTaskData.Response": fields(
      of(.list(.named("Task.Expanded")), "tasks"), of(taskPlots, "plots"),
      of(.list(.named("TaskIterations")), "debug_images"), of(taskCurves, "scalar_metrics_iter_histogram"),
      of(.list(.named("TaskValues")), "single_value_metrics")),
  ]

  /// What is no object with members of its own, by the name that its type would have.
  static let whole: [String: Schema] = [
    "Events.Add.Request": .named("Event"),
    "Events.ScalarMetricsIterHistogram.Response": .map(.map(.named("Curve"))),
    "Events.MultiTaskScalarMetricsIterHistogram.Response": taskCurves,
  ]

  private static let otherAnswers: [String: [Property]] = [
    "ManyResponse": fields(of(.list(.named("Success")), "succeeded"), of(.list(.named("Failure")), "failed")),
    "Updated": of(.object, "fields"),
    "Tasks.Clone.Response": of(reference, "new_project"),
    "Tasks.Reset.Response": fields(of(.object, "fields", "dequeued", "events"), of(.named("FileURLs"), "urls")),
    "Tasks.Delete.Response": fields(of(.named("FileURLs"), "urls"), of(.object, "events")),
    "Tasks.Started.Response": of(.object, "fields"),
    "Tasks.Completed.Response": of(.object, "fields"),
    "Tasks.Enqueue.Response": of(.object, "fields"),
    "Tasks.Dequeue.Response": of(.object, "fields"),
    "Tasks.GetHyperParams.Response": of(.list(.named("TaskParams")), "params"),
    "Tasks.GetConfigurations.Response": of(.list(.named("TaskConfiguration")), "configurations"),
    "Models.UpdateForTask.Response": of(.object, "fields"),
    "Models.SetReady.Response": fields(of(.object, "fields"), of(.named("Published"), "published_task")),
    "Projects.Delete.Response": of(.named("FileURLs"), "urls"),
    "Projects.GetHyperParameters.Response": of(.list(.named("ParamKey")), "parameters"),
    "Projects.GetUniqueMetricVariants.Response": of(.list(.named("MetricName")), "metrics"),
    "Projects.GetTaskParents.Response": of(.list(.named("TaskParent")), "parents"),
    "Projects.GetUserNames.Response": of(.list(reference), "users"),
    "Queues.GetNextTask.Response": of(.named("TaskInfo"), "task_info"),
    "Organization.GetUserCompanies.Response": of(.list(.named("CompanyInfo")), "companies"),
    "Organization.GetEntitiesCount.Response": fields(counted(.integer), of(.map(.text), "errors")),
    "Users.GetPreferences.Response": of(.object, "preferences"),
    "Users.SetPreferences.Response": of(.object, "fields"),
    "Auth.FixedUsersMode.Response": of(.object, "guest", "server_errors"),
    "Login.SupportedModes.Response": fields(
      of(.boolean, "authenticated"), of(.object, "basic", "server_errors", "stint"), of(.map(.text), "sso"),
      of(.list(.object), "sso_providers")),
    "ServerCalls.GetStats.Response": fields(
      of(.integer, "models", "projects", "queues", "users", "workers"), of(.map(.integer), "tasks")),
    "Serving.GetEndpoints.Response": of(.list(.named("ServedModel")), "endpoints"),
    "Serving.GetLoadingInstances.Response": of(.list(.named("LoadingModel")), "instances"),
    "Serving.GetEndpointDetails.Response": fields(
      servedModel, of(.list(.named("ServingInstance")), "instances")),
    "ServerCalls.Info.Response": of(.map(.text), "addresses"),
    "Storage.Settings": of(.time, "last_update"),
  ]

  private static let openRequests: [String: [Property]] = [
    "Organization.GetEntitiesCount.Request": fields(
      counted(.object), of(.boolean, "search_hidden", "allow_public"), of(.integer, "limit"),
      of(.list(.text), "active_users")),
    "Reports.GetTaskData.Request": fields(
      filters["Reports.Filter"] ?? [], of(.named("WantedDocuments"), "plots", "debug_images"),
      of(.named("WantedCurves"), "scalar_metrics_iter_histogram"),
      of(.object, "single_value_metrics"), of(.boolean, "model_events")),
    "Auth.CreateUser.Request": of(role, "role"),
    "Auth.EditUser.Request": of(role, "role"),
    "Events.GetTaskLog.Request": of(sortOrder, "order"),
    "Events.GetTaskEvents.Request": fields(of(sortOrder, "order"), of(eventType, "event_type")),
    "Events.GetTaskMetrics.Request": of(eventType, "event_type"),
    "Events.ScalarMetricsIterHistogram.Request": of(scalarKey, "key"),
    "Events.MultiTaskScalarMetricsIterHistogram.Request": of(scalarKey, "key"),
    "Events.ScalarMetricsIterRaw.Request": of(scalarKey, "key"),
    "Models.Edit.Request": of(.time, "created"),
    "Users.GetVaults.Request": of(.either([.list(.text), .text]), "types"),
    "Tasks.Edit.Request": of(.time, "created"),
  ]

  private static func page(_ list: String, _ document: String) -> [Property] {
    fields(required(.list(.named(document)), list), of(.nullable(.text), "scroll_id"))
  }

  private static func counted(_ schema: Schema) -> [Property] {
    of(
      schema, "projects", "tasks", "models", "pipelines", "pipeline_runs", "datasets", "dataset_versions", "reports")
  }
}

extension Schema {
  private static let role = Schema.choice(["admin", "superuser", "user", "annotator"])
  private static let sortOrder = Schema.choice(["asc", "desc"])
  private static let scalarKey = Schema.choice(["iter", "timestamp", "iso_time"])

  private static let events = Schema.list(.named("Event"))

  /// By metric, variant, task and iteration.
  private static let taskPlots = Schema.map(.map(.map(.map(.named("IterationPlots")))))

  /// By metric, variant and task.
  private static let taskCurves = Schema.map(.map(.map(.named("Curve"))))

  private static let iterationPage = fields(of(.text, "scroll_id"), of(.list(.named("TaskIterations")), "metrics"))

  private static let eventParts: [String: [Property]] = [
    "TaskMetricNames": fields(of(.text, "task"), of(.list(.text), "metrics")),
    "LatestMetric": fields(of(.text, "name"), of(.list(.named("LatestVariant")), "variants")),
    "LatestVariant": fields(of(.text, "name"), of(.nullable(.number), "last_value", "last_100_value")),
    "RawPoints": fields(
      of(.list(.nullable(.number)), "y"), of(.list(.number), "iter", "timestamp"), of(.list(.time), "iso_time")),
    "TaskIterations": fields(of(.text, "task"), of(.list(.named("IterationEvents")), "iterations")),
    "IterationEvents": fields(of(.integer, "iter"), of(events, "events")),
    "IterationPlots": fields(of(.text, "name"), of(events, "plots")),
    "TaskValues": fields(of(.text, "task", "task_name"), of(.list(.named("SingleValue")), "values")),
    "WantedDocuments": fields(
      of(.integer, "iters"), of(.list(.named("MetricVariants")), "metrics"), of(.boolean, "last_iters_per_task_metric")),
    "WantedCurves": fields(
      of(.integer, "samples"), of(scalarKey, "key"), of(.list(.named("MetricVariants")), "metrics")),
    "SingleValue": fields(
      of(.text, "metric", "variant"), of(.nullable(.number), "value"), of(.integer, "timestamp")),
    "Curve": fields(
      of(.text, "name"), of(.list(.either([.number, .time])), "x"), of(.list(.nullable(.number)), "y")),
  ]

  private static let otherParts: [String: [Property]] = [
    "Success": fields(
      required(.text, "id"), of(.object, "fields"), of(.named("FileURLs"), "urls"), of(.nullable(.text), "url"),
      of(.integer, "updated", "updated_children", "updated_models", "deleted_models"),
      of(.named("Published"), "published_task"),
      of(.either([.boolean, .integer]), "deleted", "archived", "unarchived", "queued", "dequeued")),
    "Failure": fields(required(.text, "id"), required(.named("FailureReason"), "error")),
    "FailureReason": fields(of(.list(.integer), "codes"), of(.text, "msg"), of(.object, "data")),
    "FileURLs": of(.list(.text), "event_urls", "model_urls", "artifact_urls"),
    "Published": fields(of(.text, "id"), of(.named("Updated"), "data")),
    "TaskParams": fields(of(.text, "task"), of(.list(.named("ParamsItem")), "hyperparams")),
    "TaskConfiguration": fields(
      of(.text, "task"), of(.list(.text), "names"), of(.list(.named("ConfigurationItem")), "configuration")),
    "MetricName": of(.text, "metric", "metric_hash", "variant", "variant_hash"),
    "TaskParent": fields(of(.text, "id", "name"), of(reference, "project")),
    "TaskInfo": of(.nullable(.text), "company", "user"),
    "CompanyInfo": fields(of(.text, "id", "name"), of(.integer, "allocated"), of(.list(reference), "owners")),
    "ServedModel": fields(
      servedModel, of(.integer, "instances", "requests", "latency_ms"), of(.number, "requests_min")),
    "LoadingModel": fields(servedModel, of(.text, "id"), of(.integer, "age_sec")),
    "ServingInstance": fields(
      of(.text, "id"), of(.time, "last_update"),
      of(.integer, "uptime_sec", "requests", "latency_ms", "cpu_count", "gpu_count"), of(.number, "requests_min"),
      of(.list(.object), "reference")),
  ]

  private static let servedModel = fields(
    of(.text, "endpoint", "model", "url", "model_source", "model_version", "preprocess_artifact", "input_type"),
    of(.text, "input_size"), of(.integer, "uptime_sec"), of(.time, "last_update"))
}

// The requests of the calls that list documents.

extension Schema {
  /// The name of the filter that the listing calls of a service take.
  static func filterName(ofService service: Substring) -> String {
    service.prefix(1).uppercased() + service.dropFirst() + ".Filter"
  }

  /// The filters by their names, and what they consist of.
  static let filters: [String: [Property]] = [
    "Tasks.Filter": fields(commonFilter, taskFilter),
    "Reports.Filter": fields(commonFilter, taskFilter),
    "Models.Filter": fields(commonFilter, modelFilter),
    "Projects.Filter": fields(commonFilter, projectFilter),
    "Queues.Filter": fields(commonFilter, of(pattern, "display_name"), of(.integer, "max_task_entries")),
    "Users.Filter": fields(commonFilter, of(values, "role", "email"), of(.list(.text), "active_in_projects")),
    "FieldFilter": fields(of(.named("FieldFilter.Terms"), "any", "all"), of(.choice(["and", "or"]), "op")),
    "FieldFilter.Terms": of(values, "include", "exclude"),
    "PatternFilter": fields(required(.list(.text), "fields"), of(.text, "pattern"), of(dates, "datetime")),
  ]

  private static let commonFilter = fields(
    of(values, "id", "user", "company", "tags", "system_tags"),
    of(pattern, "name"), of(.text, "search_text"),
    of(range(.text), "created"), of(dates, "last_update"),
    of(.boolean, "search_hidden", "include_subprojects", "allow_public", "refresh_scroll"),
    of(.list(.text), "only_fields", "order_by"),
    of(.integer, "page", "page_size", "size"), of(.nullable(.text), "scroll_id"),
    of(.map(.named("FieldFilter")), "filters"),
    of(.named("PatternFilter"), "_any_", "_all_", "_or_", "_and_"))

  private static let taskFilter = fields(
    of(values, "project", "type", "status", "parent", "last_worker"),
    of(values, "execution.queue", "models.input.model", "models.output.model"),
    of(pattern, "comment", "report"), of(dates, "status_changed", "last_change"),
    of(range(.text), "started", "completed"), of(range(.either([.number, .text])), "active_duration", "last_iteration"))

  private static let modelFilter = fields(
    of(values, "project", "task", "parent", "framework", "uri"), of(.boolean, "ready", "include_stats"),
    of(pattern, "comment"),
    of(dates, "last_change"), of(range(.either([.number, .text])), "last_iteration"))

  private static let projectFilter = fields(
    of(pattern, "basename", "description"), of(values, "parent"), of(.boolean, "non_public", "shallow_search"),
    of(.boolean, "include_stats", "stats_with_children", "include_dataset_stats", "check_own_contents"),
    of(.choice(["active", "archived"]), "stats_for_state"), of(.object, "include_stats_filter"),
    of(.list(.text), "active_users", "children_tags"), of(.choice(["pipeline", "report", "dataset"]), "children_type"),
    of(.named("FieldFilter"), "children_tags_filter"))

  /// Values that are alternatives, `-value` for what must not be, and the operators `__$all`, `__$any`, `__$not`.
  private static let values = Schema.list(.nullable(.text))

  /// A regular expression; of a list the values themselves.
  private static let pattern = Schema.either([.text, values])

  /// Moments with a comparison before them, as in `>=2024-01-01T00:00:00`.
  private static let dates = Schema.either([.list(.text), .text])

  private static func range(_ bound: Schema) -> Schema { .list(.nullable(bound)) }
}

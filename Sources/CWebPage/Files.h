// Written by scripts/web_files.py.
#pragma once

static const unsigned char account_login_js[] = {
#embed "../../web/account/login.js"
};
static const unsigned char account_settings_js[] = {
#embed "../../web/account/settings.js"
};
static const unsigned char account_snippet_js[] = {
#embed "../../web/account/snippet.js"
};
static const unsigned char account_start_js[] = {
#embed "../../web/account/start.js"
};
static const unsigned char app_js[] = {
#embed "../../web/app.js"
};
static const unsigned char charts_charts_js[] = {
#embed "../../web/charts/charts.js"
};
static const unsigned char charts_curves_js[] = {
#embed "../../web/charts/curves.js"
};
static const unsigned char charts_figure_js[] = {
#embed "../../web/charts/figure.js"
};
static const unsigned char charts_frame_css[] = {
#embed "../../web/charts/frame.css"
};
static const unsigned char charts_frame_html[] = {
#embed "../../web/charts/frame.html"
};
static const unsigned char charts_frame_js[] = {
#embed "../../web/charts/frame.js"
};
static const unsigned char charts_options_js[] = {
#embed "../../web/charts/options.js"
};
static const unsigned char charts_source_js[] = {
#embed "../../web/charts/source.js"
};
static const unsigned char compare_details_js[] = {
#embed "../../web/compare/details.js"
};
static const unsigned char compare_images_js[] = {
#embed "../../web/compare/images.js"
};
static const unsigned char compare_leaderboard_js[] = {
#embed "../../web/compare/leaderboard.js"
};
static const unsigned char compare_parallel_js[] = {
#embed "../../web/compare/parallel.js"
};
static const unsigned char compare_plots_js[] = {
#embed "../../web/compare/plots.js"
};
static const unsigned char compare_scalars_js[] = {
#embed "../../web/compare/scalars.js"
};
static const unsigned char compare_view_js[] = {
#embed "../../web/compare/view.js"
};
static const unsigned char icon_svg[] = {
#embed "../../web/icon.svg"
};
static const unsigned char index_html[] = {
#embed "../../web/index.html"
};
static const unsigned char lib_api_js[] = {
#embed "../../web/lib/api.js"
};
static const unsigned char lib_clock_js[] = {
#embed "../../web/lib/clock.js"
};
static const unsigned char lib_dialog_js[] = {
#embed "../../web/lib/dialog.js"
};
static const unsigned char lib_dom_js[] = {
#embed "../../web/lib/dom.js"
};
static const unsigned char lib_early_js[] = {
#embed "../../web/lib/early.js"
};
static const unsigned char lib_files_js[] = {
#embed "../../web/lib/files.js"
};
static const unsigned char lib_format_js[] = {
#embed "../../web/lib/format.js"
};
static const unsigned char lib_poll_js[] = {
#embed "../../web/lib/poll.js"
};
static const unsigned char lib_preferences_js[] = {
#embed "../../web/lib/preferences.js"
};
static const unsigned char lib_route_js[] = {
#embed "../../web/lib/route.js"
};
static const unsigned char lib_status_js[] = {
#embed "../../web/lib/status.js"
};
static const unsigned char lib_tabs_js[] = {
#embed "../../web/lib/tabs.js"
};
static const unsigned char lib_theme_js[] = {
#embed "../../web/lib/theme.js"
};
static const unsigned char machines_entries_js[] = {
#embed "../../web/machines/entries.js"
};
static const unsigned char machines_history_js[] = {
#embed "../../web/machines/history.js"
};
static const unsigned char machines_hours_js[] = {
#embed "../../web/machines/hours.js"
};
static const unsigned char machines_names_js[] = {
#embed "../../web/machines/names.js"
};
static const unsigned char machines_processes_js[] = {
#embed "../../web/machines/processes.js"
};
static const unsigned char machines_queues_js[] = {
#embed "../../web/machines/queues.js"
};
static const unsigned char machines_state_js[] = {
#embed "../../web/machines/state.js"
};
static const unsigned char machines_storage_js[] = {
#embed "../../web/machines/storage.js"
};
static const unsigned char machines_usage_js[] = {
#embed "../../web/machines/usage.js"
};
static const unsigned char machines_worker_js[] = {
#embed "../../web/machines/worker.js"
};
static const unsigned char machines_workers_js[] = {
#embed "../../web/machines/workers.js"
};
static const unsigned char styles_base_css[] = {
#embed "../../web/styles/base.css"
};
static const unsigned char styles_compare_css[] = {
#embed "../../web/styles/compare.css"
};
static const unsigned char styles_machines_css[] = {
#embed "../../web/styles/machines.css"
};
static const unsigned char styles_task_css[] = {
#embed "../../web/styles/task.css"
};
static const unsigned char styles_tasks_css[] = {
#embed "../../web/styles/tasks.css"
};
static const unsigned char task_actions_js[] = {
#embed "../../web/task/actions.js"
};
static const unsigned char task_artifacts_js[] = {
#embed "../../web/task/artifacts.js"
};
static const unsigned char task_configuration_js[] = {
#embed "../../web/task/configuration.js"
};
static const unsigned char task_console_ansi_js[] = {
#embed "../../web/task/console/ansi.js"
};
static const unsigned char task_console_list_js[] = {
#embed "../../web/task/console/list.js"
};
static const unsigned char task_console_log_js[] = {
#embed "../../web/task/console/log.js"
};
static const unsigned char task_console_view_js[] = {
#embed "../../web/task/console/view.js"
};
static const unsigned char task_diff_js[] = {
#embed "../../web/task/diff.js"
};
static const unsigned char task_execution_js[] = {
#embed "../../web/task/execution.js"
};
static const unsigned char task_images_js[] = {
#embed "../../web/task/images.js"
};
static const unsigned char task_overview_js[] = {
#embed "../../web/task/overview.js"
};
static const unsigned char task_plots_js[] = {
#embed "../../web/task/plots.js"
};
static const unsigned char task_scalars_js[] = {
#embed "../../web/task/scalars.js"
};
static const unsigned char task_timeline_js[] = {
#embed "../../web/task/timeline.js"
};
static const unsigned char task_view_js[] = {
#embed "../../web/task/view.js"
};
static const unsigned char tasks_columns_js[] = {
#embed "../../web/tasks/columns.js"
};
static const unsigned char tasks_fields_js[] = {
#embed "../../web/tasks/fields.js"
};
static const unsigned char tasks_filters_js[] = {
#embed "../../web/tasks/filters.js"
};
static const unsigned char tasks_projects_js[] = {
#embed "../../web/tasks/projects.js"
};
static const unsigned char tasks_query_js[] = {
#embed "../../web/tasks/query.js"
};
static const unsigned char tasks_table_js[] = {
#embed "../../web/tasks/table.js"
};
static const unsigned char tasks_tree_js[] = {
#embed "../../web/tasks/tree.js"
};
static const unsigned char tasks_view_js[] = {
#embed "../../web/tasks/view.js"
};

#define FILES \
  FILE("account/login.js", SCRIPT, account_login_js) \
  FILE("account/settings.js", SCRIPT, account_settings_js) \
  FILE("account/snippet.js", SCRIPT, account_snippet_js) \
  FILE("account/start.js", SCRIPT, account_start_js) \
  FILE("app.js", SCRIPT, app_js) \
  FILE("charts/charts.js", SCRIPT, charts_charts_js) \
  FILE("charts/curves.js", SCRIPT, charts_curves_js) \
  FILE("charts/figure.js", SCRIPT, charts_figure_js) \
  FILE("charts/frame.css", STYLE, charts_frame_css) \
  FILE("charts/frame.html", PAGE, charts_frame_html) \
  FILE("charts/frame.js", SCRIPT, charts_frame_js) \
  FILE("charts/options.js", SCRIPT, charts_options_js) \
  FILE("charts/source.js", SCRIPT, charts_source_js) \
  FILE("compare/details.js", SCRIPT, compare_details_js) \
  FILE("compare/images.js", SCRIPT, compare_images_js) \
  FILE("compare/leaderboard.js", SCRIPT, compare_leaderboard_js) \
  FILE("compare/parallel.js", SCRIPT, compare_parallel_js) \
  FILE("compare/plots.js", SCRIPT, compare_plots_js) \
  FILE("compare/scalars.js", SCRIPT, compare_scalars_js) \
  FILE("compare/view.js", SCRIPT, compare_view_js) \
  FILE("icon.svg", IMAGE, icon_svg) \
  FILE("index.html", PAGE, index_html) \
  FILE("lib/api.js", SCRIPT, lib_api_js) \
  FILE("lib/clock.js", SCRIPT, lib_clock_js) \
  FILE("lib/dialog.js", SCRIPT, lib_dialog_js) \
  FILE("lib/dom.js", SCRIPT, lib_dom_js) \
  FILE("lib/early.js", SCRIPT, lib_early_js) \
  FILE("lib/files.js", SCRIPT, lib_files_js) \
  FILE("lib/format.js", SCRIPT, lib_format_js) \
  FILE("lib/poll.js", SCRIPT, lib_poll_js) \
  FILE("lib/preferences.js", SCRIPT, lib_preferences_js) \
  FILE("lib/route.js", SCRIPT, lib_route_js) \
  FILE("lib/status.js", SCRIPT, lib_status_js) \
  FILE("lib/tabs.js", SCRIPT, lib_tabs_js) \
  FILE("lib/theme.js", SCRIPT, lib_theme_js) \
  FILE("machines/entries.js", SCRIPT, machines_entries_js) \
  FILE("machines/history.js", SCRIPT, machines_history_js) \
  FILE("machines/hours.js", SCRIPT, machines_hours_js) \
  FILE("machines/names.js", SCRIPT, machines_names_js) \
  FILE("machines/processes.js", SCRIPT, machines_processes_js) \
  FILE("machines/queues.js", SCRIPT, machines_queues_js) \
  FILE("machines/state.js", SCRIPT, machines_state_js) \
  FILE("machines/storage.js", SCRIPT, machines_storage_js) \
  FILE("machines/usage.js", SCRIPT, machines_usage_js) \
  FILE("machines/worker.js", SCRIPT, machines_worker_js) \
  FILE("machines/workers.js", SCRIPT, machines_workers_js) \
  FILE("styles/base.css", STYLE, styles_base_css) \
  FILE("styles/compare.css", STYLE, styles_compare_css) \
  FILE("styles/machines.css", STYLE, styles_machines_css) \
  FILE("styles/task.css", STYLE, styles_task_css) \
  FILE("styles/tasks.css", STYLE, styles_tasks_css) \
  FILE("task/actions.js", SCRIPT, task_actions_js) \
  FILE("task/artifacts.js", SCRIPT, task_artifacts_js) \
  FILE("task/configuration.js", SCRIPT, task_configuration_js) \
  FILE("task/console/ansi.js", SCRIPT, task_console_ansi_js) \
  FILE("task/console/list.js", SCRIPT, task_console_list_js) \
  FILE("task/console/log.js", SCRIPT, task_console_log_js) \
  FILE("task/console/view.js", SCRIPT, task_console_view_js) \
  FILE("task/diff.js", SCRIPT, task_diff_js) \
  FILE("task/execution.js", SCRIPT, task_execution_js) \
  FILE("task/images.js", SCRIPT, task_images_js) \
  FILE("task/overview.js", SCRIPT, task_overview_js) \
  FILE("task/plots.js", SCRIPT, task_plots_js) \
  FILE("task/scalars.js", SCRIPT, task_scalars_js) \
  FILE("task/timeline.js", SCRIPT, task_timeline_js) \
  FILE("task/view.js", SCRIPT, task_view_js) \
  FILE("tasks/columns.js", SCRIPT, tasks_columns_js) \
  FILE("tasks/fields.js", SCRIPT, tasks_fields_js) \
  FILE("tasks/filters.js", SCRIPT, tasks_filters_js) \
  FILE("tasks/projects.js", SCRIPT, tasks_projects_js) \
  FILE("tasks/query.js", SCRIPT, tasks_query_js) \
  FILE("tasks/table.js", SCRIPT, tasks_table_js) \
  FILE("tasks/tree.js", SCRIPT, tasks_tree_js) \
  FILE("tasks/view.js", SCRIPT, tasks_view_js)

/// The endpoints of the protocol that this server knows and does not serve yet: they answer "not supported".
enum UnbuiltEndpoints {
  static let names: Set<String> = Set(
    """
    auth.login auth.logout auth.get_token_for_user auth.validate_token auth.create_user auth.create_credentials
    auth.get_credentials auth.edit_credentials auth.revoke_credentials auth.edit_user auth.fixed_users_mode
    debug.ping
    events.add events.add_batch events.delete_for_task events.delete_for_model events.debug_images events.plots
    events.get_debug_image_sample events.next_debug_image_sample events.get_plot_sample events.next_plot_sample
    events.get_task_metrics events.get_multi_task_metrics events.get_task_log events.get_task_events
    events.download_task_log events.get_task_plots events.get_multi_task_plots
    events.get_vector_metrics_and_variants events.vector_metrics_iter_histogram events.scalar_metrics_iter_histogram
    events.multi_task_scalar_metrics_iter_histogram events.get_task_single_value_metrics
    events.get_task_latest_scalar_values events.get_scalar_metrics_and_variants events.get_scalar_metric_data
    events.scalar_metrics_iter_raw events.clear_scroll events.clear_task_log
    login.supported_modes login.logout
    models.get_by_id models.get_by_task_id models.get_by_id_ex models.get_all_ex models.get_all
    models.get_frameworks models.update_for_task models.create models.edit models.update models.publish_many
    models.set_ready models.archive_many models.unarchive_many models.delete_many models.delete models.make_public
    models.make_private models.move models.add_or_update_metadata models.delete_metadata models.update_tags
    organization.get_tags organization.get_user_companies organization.get_entities_count
    organization.prepare_download_for_get_all organization.download_for_get_all organization.get_project_usages
    pipelines.delete_runs pipelines.start_pipeline
    projects.create projects.get_by_id projects.get_all projects.get_all_ex projects.update projects.move
    projects.merge projects.validate_delete projects.delete projects.get_unique_metric_variants
    projects.get_hyperparam_values projects.get_hyper_parameters projects.get_model_metadata_values
    projects.get_model_metadata_keys projects.get_project_tags projects.get_task_tags projects.get_model_tags
    projects.make_public projects.make_private projects.get_task_parents projects.get_user_names
    queues.get_by_id queues.get_all_ex queues.get_all queues.get_default queues.create queues.update queues.delete
    queues.add_task queues.get_next_task queues.remove_task queues.clear_queue queues.move_task_forward
    queues.move_task_backward queues.move_task_to_front queues.move_task_to_back queues.get_queue_metrics
    queues.add_or_update_metadata queues.delete_metadata queues.peek_task queues.get_num_entries
    reports.create reports.update reports.move reports.publish reports.archive reports.unarchive reports.delete
    reports.get_task_data reports.get_all_ex reports.get_tags
    server.get_stats server.config server.info server.endpoints server.report_stats_option
    serving.register_container serving.unregister_container serving.container_status_report serving.get_endpoints
    serving.get_loading_instances serving.get_endpoint_details serving.get_endpoint_metrics_history
    storage.set_settings storage.reset_settings storage.get_settings
    tasks.get_by_id tasks.get_by_id_ex tasks.get_all_ex tasks.get_all tasks.get_types tasks.clone tasks.edit_runtime
    tasks.add_or_update_model tasks.delete_models tasks.create tasks.validate tasks.update tasks.update_batch
    tasks.edit tasks.reset tasks.reset_many tasks.delete_many tasks.delete tasks.archive tasks.archive_many
    tasks.unarchive_many tasks.started tasks.stop tasks.stop_many tasks.stopped tasks.failed tasks.close
    tasks.publish tasks.publish_many tasks.enqueue tasks.enqueue_many tasks.dequeue tasks.dequeue_many
    tasks.set_requirements tasks.completed tasks.ping tasks.add_or_update_artifacts tasks.delete_artifacts
    tasks.make_public tasks.make_private tasks.get_hyper_params tasks.edit_hyper_params tasks.delete_hyper_params
    tasks.get_configurations tasks.get_configuration_names tasks.edit_configuration tasks.delete_configuration
    tasks.move tasks.update_tags
    users.get_by_id users.get_current_user users.get_all_ex users.get_all users.delete users.create users.update
    users.get_preferences users.set_preferences
    workers.get_all workers.get_count workers.register workers.unregister workers.status_report
    workers.get_metric_keys workers.get_stats workers.get_activity_report
    """.split(whereSeparator: \.isWhitespace).map(String.init))
}

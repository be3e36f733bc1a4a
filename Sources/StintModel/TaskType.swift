/// What a task is for (`task_type_enum` of the protocol).
package enum TaskType: String, Sendable, Codable, CaseIterable {
  case training
  case testing
  case inference
  case dataProcessing = "data_processing"
  case application
  case monitor
  case controller
  case optimizer
  case service
  case qc
  case custom
}

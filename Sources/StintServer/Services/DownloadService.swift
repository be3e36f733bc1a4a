import StintModel
import StintStore
import StintWire

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension Services {
  func addDownloads(to api: inout API) {
    api.onDownload(Events.DownloadTaskLog.self) { request, _ in
      try await checkTask(request.task)
      return Download(name: "task_\(request.task).log", type: "text/plain; charset=utf-8") { place in
        let page = try await store.events.log(
          task: request.task, from: place, limit: Self.pieceLength, navigateEarlier: false)
        let text = page.events.map { Self.line(of: $0, request) }.joined()
        return (text, page.events.count < Self.pieceLength ? nil : page.events.last?["timestamp"]?.int)
      }
    }
    api.on(Organization.PrepareDownloadForGetAll.self) { request, _ in
      // Says now what is wrong with the request. The identifier is the request: there is nothing to remember.
      let table = try request.decode(Organization.PrepareDownloadForGetAll.Table.self)
      let collection = table.entityType.collection
      _ = try Query(parsing: request, for: collection)
      _ = try Projection(table.fieldMappings.map(\.field), for: collection)
      guard !table.fieldMappings.isEmpty else {
        throw WireError(.validation, "error for field 'field_mappings': at least 1 is needed")
      }
      return .init(prepareId: Data(request.bytes).base64EncodedString())
    }
    api.onDownload(Organization.DownloadForGetAll.self) { request, _ in
      guard let data = Data(base64Encoded: request.prepareId), let wanted = try? JSON(parsing: Array(data)) else {
        throw WireError(.invalidID, "prepare_id is none that prepare_download_for_get_all gave")
      }
      let table = try wanted.decode(Organization.PrepareDownloadForGetAll.Table.self)
      let collection = table.entityType.collection
      return Download(name: "\(collection.rawValue).csv", type: "text/csv; charset=utf-8") { page in
        var query = wanted
        query["only_fields"] = .list(table.fieldMappings.map(\.field))
        query["page"] = .number(page ?? 0)
        query["page_size"] = .number(Query.largestPage)
        let rows = try await list(collection, query, expanding: true)[collection.rawValue]?.array ?? []
        let header = page == nil ? Self.csv(table.fieldMappings.map { $0.name ?? $0.field }) : ""
        let lines = rows.map { row in Self.csv(table.fieldMappings.map { $0.text(in: row) }) }
        return (header + lines.joined(), rows.count < Query.largestPage ? nil : (page ?? 0) + 1)
      }
    }
  }

  /// How many events or records are read at once.
  private static let pieceLength = 2000

  private static func line(of event: JSON, _ request: Events.DownloadTaskLog.Request) -> String {
    let moment = Timestamp(milliseconds: Int64(event["timestamp"]?.int ?? 0)).text
    var members = event.object ?? [:]
    members["asctime"] = .string(String(moment.prefix(23)).replacing("T", with: " "))
    guard request.lineType == .text else { return JSON.object(members).text + "\n" }
    var line = ""
    var rest = (request.lineFormat ?? "{asctime} {worker} {level} {msg}")[...]
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      let name = String(rest[rest.index(after: open)..<close])
      line += rest[..<open] + (members[name == "message" ? "msg" : name].map(plainText) ?? "")
      rest = rest[rest.index(after: close)...]
    }
    return line + rest + "\n"
  }

  /// A line of comma-separated values (RFC 4180).
  private static func csv(_ cells: [String]) -> String {
    let quoted = cells.map { cell in
      let isPlain = !cell.contains { $0 == "," || $0 == "\"" || $0.isNewline }
      return isPlain ? cell : "\"\(cell.replacing("\"", with: "\"\""))\""
    }
    return quoted.joined(separator: ",") + "\r\n"
  }
}

extension Organization.PrepareDownloadForGetAll.Kind {
  fileprivate var collection: Collection {
    switch self {
    case .task: .tasks
    case .model: .models
    }
  }
}

extension Organization.PrepareDownloadForGetAll.Column {
  /// The field of a row, as it is to be called.
  fileprivate func text(in row: JSON) -> String {
    guard let value = row[path: field.split(separator: ".").map(String.init)], !value.isNull else { return "" }
    return plainText(values?.first { $0.key == value }?.value ?? value)
  }
}

/// A value without quotes around it; the members of a list side by side.
private func plainText(_ value: JSON) -> String {
  switch value {
  case .string(let text): text
  case .array(let elements): elements.map(plainText).joined(separator: ", ")
  default: value.text
  }
}

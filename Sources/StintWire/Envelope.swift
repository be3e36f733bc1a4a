/// What every answer is wrapped in: `{"meta": {…}, "data": {…}}`.
package struct Envelope: Sendable {
  /// `meta.id`: one answer's identifier, 32 hexadecimal digits.
  package var id: String
  /// `meta.trx`: the client's own identifier of the call, or `id`.
  package var transaction: String
  /// `service.action`, as asked.
  package var endpoint: String
  package var requestedVersion: WireVersion
  package var actualVersion: WireVersion
  /// The error, or nil for success.
  package var error: WireError?
  package var data: JSON

  package init(
    id: String, transaction: String? = nil, endpoint: String, requestedVersion: WireVersion = .newest,
    actualVersion: WireVersion = .newest, error: WireError? = nil, data: JSON = .object([:])
  ) {
    (self.id, self.transaction, self.endpoint) = (id, transaction ?? id, endpoint)
    (self.requestedVersion, self.actualVersion) = (requestedVersion, actualVersion)
    (self.error, self.data) = (error, data)
  }

  /// The answer's body.
  package var json: JSON {
    [
      "meta": [
        "id": .string(id),
        "trx": .string(transaction),
        "endpoint": [
          "name": .string(endpoint),
          "requested_version": .string(requestedVersion.description),
          "actual_version": .string(actualVersion.description),
        ],
        "result_code": .int(Int64(error?.code ?? 200)),
        "result_subcode": .int(Int64(error?.subcode ?? 0)),
        "result_msg": .string(error?.message ?? "OK"),
        "error_stack": .null,
        "error_data": error?.data ?? .object([:]),
      ],
      "data": data,
    ]
  }

  /// Whether a body is an answer of a server, and not of something between it and its client.
  package static func isOne(_ body: some Sequence<UInt8>) -> Bool {
    (try? JSON(parsing: body))?["meta"]?["result_code"]?.int != nil
  }

  /// The data of a server's answer.
  /// - Throws: `WireError`: what the server reported, or that this is no envelope.
  package static func open(_ body: some Sequence<UInt8>, status: Int) throws(WireError) -> JSON {
    guard let json = try? JSON(parsing: body), let meta = json["meta"], let code = meta["result_code"]?.int else {
      throw WireError(
        code: status, subcode: 0,
        message: "the answer (HTTP \(status)) is not of the ClearML protocol: check the address")
    }
    guard code == 200 else {
      throw WireError(
        code: code, subcode: meta["result_subcode"]?.int ?? 0, message: meta["result_msg"]?.string ?? "",
        data: meta["error_data"] ?? .object([:]))
    }
    return json["data"] ?? .object([:])
  }
}

/// The server itself.
package enum ServerCalls {
  /// `server.info`
  package enum Info: Endpoint {
    package static let name = "server.info"
    package typealias Request = Nothing

    package struct Response: Codable, Sendable {
      package var version: String?
      package var build: String?
      package var commit: String?
      package var uid: String?
      package var apiVersion: String?
      /// Beyond the protocol: where clients reach the server, as `api`, `web` and `files`.
      package var addresses: JSON?
      /// Ours: by how many seconds the server's clock, which working hours mean, is ahead of UTC.
      package var utcOffset: Int?

      package init(
        version: String? = nil, build: String? = nil, commit: String? = nil, uid: String? = nil,
        apiVersion: String? = nil, addresses: JSON? = nil, utcOffset: Int? = nil
      ) {
        (self.version, self.build, self.commit) = (version, build, commit)
        (self.uid, self.apiVersion, self.addresses) = (uid, apiVersion, addresses)
        self.utcOffset = utcOffset
      }
    }
  }

  /// `server.endpoints`: what is served.
  package enum Endpoints: Endpoint {
    package static let name = "server.endpoints"
    package typealias Request = Nothing

    package struct Response: Codable, Sendable {
      /// The endpoints' whole names, by service.
      package var endpoints: [String: [String]]

      package init(endpoints: [String: [String]]) { self.endpoints = endpoints }
    }
  }

  /// `server.config`: what the server is set up with, or one setting by its name.
  package enum Config: Endpoint {
    package static let name = "server.config"

    package struct Request: Codable, Sendable {
      package var path: String?
    }

    package struct Response: Codable, Sendable {
      package var version: String?
      package var features: [String]?
      package var leaseSec: Int?
      package var silentTaskLimitSec: Int?

      package init(version: String, features: [String], leaseSec: Int, silentTaskLimitSec: Int) {
        (self.version, self.features) = (version, features)
        (self.leaseSec, self.silentTaskLimitSec) = (leaseSec, silentTaskLimitSec)
      }
    }
  }

  /// `server.get_stats`: how much of everything there is.
  package enum GetStats: Endpoint {
    package static let name = "server.get_stats"

    package struct Request: Codable, Sendable {
      /// Ignored: the numbers are those of now.
      package var interval: Int?
    }
    package typealias Response = JSON
  }

  /// `async.result`: the answer of a call that was sent with `X-ClearML-Async`; an error 202 while it is under way.
  package enum AsyncResult: Endpoint {
    package static let name = "async.result"

    package struct Request: Codable, Sendable {
      package var id: String
    }
    package typealias Response = JSON
  }

  /// `server.report_stats_option`: whether the server reports its use to its makers.
  package enum ReportStatsOption: Endpoint {
    package static let name = "server.report_stats_option"

    package struct Request: Codable, Sendable {
      /// Ignored: Stint reports to nobody.
      package var enabled: Bool?
    }

    package struct Response: Codable, Sendable {
      package var supported: Bool
      package var enabled: Bool
      package var currentVersion: String
      package var enabledTime: String?
      package var enabledVersion: String?
      package var enabledUser: String?

      package init(supported: Bool, enabled: Bool, currentVersion: String) {
        (self.supported, self.enabled, self.currentVersion) = (supported, enabled, currentVersion)
      }
    }
  }
}

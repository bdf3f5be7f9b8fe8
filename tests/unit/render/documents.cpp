#include "tests/unit/render/documents.hpp"

using namespace std::chrono_literals;

cli::Document healthy_document() {
  return {
      .subject = "http://localhost:3000/mcp",
      .verdict = "ok",
      .level = cli::Level::ok,
      .reason = "everything 1.0.0 lists 2 tools, 12.5 ms",
      .phases = {{.name = "connect", .time = 250us, .detail = "127.0.0.1"},
                 {.name = "handshake", .time = 12ms, .detail = "legacy era"},
                 {.name = "tools",
                  .status = cli::RowStatus::skipped,
                  .detail = "not offered by the server"}},
      .checks = {{.name = "tools.duplicate"}},
      .total = 12500us,
      .metrics =
          {{"probe_success", "Whether the probe was a success", {}, 1},
           {"probe_mcp_duration_seconds", "Duration by phase", {{"phase", "connect"}}, 0.00025},
           {"probe_mcp_duration_seconds", "Duration by phase", {{"phase", "handshake"}}, 0.012}},
      .perf =
          {{.label = "time", .value = 0.0125, .unit = "s", .crit = "0.5", .min = "0", .max = "5"},
           {.label = "tools", .value = 2, .crit = "1:", .min = "0"}},
      .json = "{\n  \"verdict\": \"ok\"\n}"};
}

cli::Document refused_document() {
  return {.subject = "http://[::1]:1/a,b",
          .verdict = "unreachable",
          .level = cli::Level::critical,
          .reason = "connect: <refused> & \"100%\" | gone",
          .hint = "is it running: yes\\no?",
          .phases = {{.name = "resolve"},
                     {.name = "connect",
                      .status = cli::RowStatus::failed,
                      .time = 1500ms,
                      .detail = "<refused> & \"100%\" | gone",
                      .hint = "is it running: yes\\no?"},
                     {.name = "handshake", .status = cli::RowStatus::skipped}},
          .total = 1500ms,
          .metrics = {{"probe_success", "Whether the probe was a success", {}, 0},
                      {"probe_mcp_info", "A \\ and\na line", {{"name", "q\"b\\n\n"}}, 1}},
          .perf = {{.label = "it's time", .value = 1.5, .unit = "s", .min = "0"}},
          .json = "{\n  \"verdict\": \"unreachable\"\n}"};
}

cli::Document unhealthy_document() {
  return {
      .subject = "@prod",
      .verdict = "unhealthy",
      .level = cli::Level::critical,
      .reason = "3 tools are missing (and 1 more error)",
      .hint = "roll back",
      .phases = {{.name = "handshake", .time = 5ms},
                 {.name = "close",
                  .status = cli::RowStatus::failed,
                  .time = 1ms,
                  .detail = "DELETE: HTTP 500"}},
      .checks = {{.name = "tools.missing",
                  .status = cli::RowStatus::failed,
                  .detail = "3 tools are missing",
                  .hint = "roll back"},
                 {.name = "tools.duplicate", .status = cli::RowStatus::failed, .detail = "a twice"},
                 {.name = "certificate.expiry",
                  .status = cli::RowStatus::warning,
                  .detail = "expires in 2 days",
                  .hint = "renew it"},
                 {.name = "odd", .status = cli::RowStatus::notice, .detail = "odd thing"},
                 {.name = "tools.invalid"}},
      .total = 6ms};
}

#include "tests/server/protocol.hpp"

#include <array>

#include "tests/server/json_view.hpp"

namespace mcp::testserver {

std::string result_text(std::string_view raw_id, std::string_view raw_result) {
  std::string out;
  out.reserve(raw_id.size() + raw_result.size() + 40);
  out += R"({"jsonrpc":"2.0","id":)";
  out += raw_id;
  out += R"(,"result":)";
  out += raw_result;
  out += '}';
  return out;
}

std::string error_text(std::string_view raw_id, int error_code, std::string_view message,
                       std::string_view raw_data) {
  std::string out = R"({"jsonrpc":"2.0",)";
  if (!raw_id.empty()) {
    out += R"("id":)";
    out += raw_id;
    out += ',';
  }
  out += R"("error":{"code":)" + std::to_string(error_code) + R"(,"message":)";
  append_json_string(out, message);
  if (!raw_data.empty()) {
    out += R"(,"data":)";
    out += raw_data;
  }
  out += "}}";
  return out;
}

namespace {

std::string method_text(std::string head, std::string_view method, std::string_view raw_params) {
  head += R"("method":)";
  append_json_string(head, method);
  if (!raw_params.empty()) {
    head += R"(,"params":)";
    head += raw_params;
  }
  head += '}';
  return head;
}

}  // namespace

std::string notification_text(std::string_view method, std::string_view raw_params) {
  return method_text(R"({"jsonrpc":"2.0",)", method, raw_params);
}

std::string request_text(std::string_view raw_id, std::string_view method,
                         std::string_view raw_params) {
  return method_text(R"({"jsonrpc":"2.0","id":)" + std::string(raw_id) + ",", method, raw_params);
}

std::string version_list(const std::vector<Revision>& supported) {
  std::string out = "[";
  for (const auto revision : supported) {
    if (out.size() > 1) out += ',';
    append_json_string(out, to_string(revision));
  }
  return out + "]";
}

std::string version_data(const std::vector<Revision>& supported, std::string_view requested) {
  auto out = R"({"supported":)" + version_list(supported);
  if (!requested.empty()) out += R"(,"requested":)" + json_string(requested);
  return out + "}";
}

int log_level_rank(std::string_view name) {
  static constexpr std::array<std::string_view, 8> levels{
      "debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"};
  for (std::size_t rank = 0; rank < levels.size(); ++rank) {
    if (levels[rank] == name) return static_cast<int>(rank);
  }
  return -1;
}

}  // namespace mcp::testserver

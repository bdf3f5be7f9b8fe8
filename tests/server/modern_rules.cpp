#include "tests/server/modern_rules.hpp"

#include <charconv>

#include "tests/server/protocol.hpp"

namespace mcp::testserver {

namespace {

constexpr std::string_view sentinel_begin = "=?base64?";
constexpr std::string_view sentinel_end = "?=";

int base64_digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  return c == '/' ? 63 : -1;
}

std::optional<std::string> decode_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  while (text.ends_with('=')) text.remove_suffix(1);
  std::string out;
  unsigned int bits = 0;
  int count = 0;
  for (const char c : text) {
    const int digit = base64_digit(c);
    if (digit < 0) return std::nullopt;
    bits = (bits << 6) | static_cast<unsigned int>(digit);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out += static_cast<char>((bits >> count) & 0xFF);
  }
  return out;
}

Refusal mismatch(std::string message) {
  return {.code = code::header_mismatch, .message = "Header mismatch: " + std::move(message)};
}

std::optional<Refusal> check_mirror(std::string_view name, std::optional<std::string_view> given,
                                    std::string_view wanted) {
  if (!given) return mismatch("the field " + std::string(name) + " is missing");
  const auto decoded = decode_field(*given);
  if (!decoded) return mismatch("the field " + std::string(name) + " is malformed");
  if (*decoded != wanted) {
    return mismatch(std::string(name) + " field value '" + *decoded +
                    "' does not match body value '" + std::string(wanted) + "'");
  }
  return std::nullopt;
}

/// "Server Validation": integers are compared as numbers.
bool same_number(std::string_view left, double right) {
  double value = 0;
  const auto [end, failure] = std::from_chars(left.data(), left.data() + left.size(), value);
  return failure == std::errc{} && end == left.data() + left.size() && value == right;
}

std::optional<Refusal> check_argument(const Inbound& inbound, const Incoming& request,
                                      const MirroredArgument& mirrored) {
  auto value = request.params["arguments"];
  for (const auto& step : mirrored.path) value = value[step];
  const auto given = inbound.field(mirrored.header);
  if (!value.exists() || value.is_null()) {
    if (given) return mismatch(mirrored.header + " is there, but its argument is not");
    return std::nullopt;
  }
  if (value.is_number()) {
    if (given && same_number(*given, *value.number())) return std::nullopt;
    return check_mirror(mirrored.header, given, value.raw());
  }
  return check_mirror(mirrored.header, given,
                      value.is_string() ? value.string() : std::string(value.raw()));
}

}  // namespace

std::optional<std::string> decode_field(std::string_view value) {
  if (value.size() >= sentinel_begin.size() + sentinel_end.size() &&
      value.starts_with(sentinel_begin) && value.ends_with(sentinel_end)) {
    value.remove_prefix(sentinel_begin.size());
    value.remove_suffix(sentinel_end.size());
    return decode_base64(value);
  }
  for (const char c : value) {
    if (c != '\t' && (c < 0x20 || c > 0x7E)) return std::nullopt;
  }
  return std::string(value);
}

std::optional<Refusal> check_meta(const Core& core, const Incoming& request) {
  const auto meta_object = request.params["_meta"];
  const auto version = meta_object[meta::version];
  if (!version.is_string()) {
    return Refusal{.code = code::invalid_params,
                   .message = "_meta lacks " + std::string(meta::version)};
  }
  const auto revision = parse_revision(version.string());
  if (!revision || era_of(*revision) != Era::modern || !core.supports(*revision)) {
    return Refusal{.code = code::unsupported_version,
                   .message = "Unsupported protocol version: " + version.string(),
                   .raw_data = version_data(core.revisions(), version.string())};
  }
  if (!meta_object[meta::client_capabilities].is_object()) {
    return Refusal{.code = code::invalid_params,
                   .message = "_meta lacks " + std::string(meta::client_capabilities)};
  }
  const auto level = meta_object[meta::log_level];
  if (level.exists() && log_level_rank(level.string()) < 0) {
    return Refusal{.code = code::invalid_params, .message = "not a log level: " + level.string()};
  }
  return std::nullopt;
}

std::optional<Refusal> check_fields(const Core& core, const Inbound& inbound,
                                    const Incoming& request) {
  const auto version = request.params["_meta"][meta::version];
  const auto given_version = inbound.field("MCP-Protocol-Version");
  if (!given_version) {
    // versioning.mdx: an error to a legacy client SHOULD name what is supported, as this may be all
    // that its user sees.
    auto refusal = mismatch("the field MCP-Protocol-Version is missing; this server speaks " +
                            version_list(core.revisions()));
    refusal.raw_data = version_data(core.revisions(), {});
    return refusal;
  }
  if (version.is_string()) {
    if (auto bad = check_mirror("MCP-Protocol-Version", given_version, version.string())) {
      return bad;
    }
  }
  if (auto bad = check_meta(core, request)) return bad;
  if (auto bad = check_mirror("Mcp-Method", inbound.field("Mcp-Method"), request.method)) {
    return bad;
  }
  const bool by_name = request.method == "tools/call" || request.method == "prompts/get";
  if (!by_name && request.method != "resources/read") return std::nullopt;
  const auto name = request.params[by_name ? "name" : "uri"].string();
  if (auto bad = check_mirror("Mcp-Name", inbound.field("Mcp-Name"), name)) return bad;
  if (request.method != "tools/call") return std::nullopt;
  const auto mirrored = core.surface().mirrored.find(name);
  if (mirrored == core.surface().mirrored.end()) return std::nullopt;
  for (const auto& argument : mirrored->second) {
    if (auto bad = check_argument(inbound, request, argument)) return bad;
  }
  return std::nullopt;
}

}  // namespace mcp::testserver

#include "cli/commands/exporter_request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <utility>

#include "cli/target_name.hpp"
#include "mcp/base/text.hpp"

namespace cli {
namespace {

constexpr std::string_view default_module = "mcp";

int hex_digit(char letter) {
  if (letter >= '0' && letter <= '9') return letter - '0';
  if (letter >= 'a' && letter <= 'f') return letter - 'a' + 10;
  if (letter >= 'A' && letter <= 'F') return letter - 'A' + 10;
  return -1;
}

/// As forms encode (URL Standard, "application/x-www-form-urlencoded parsing").
std::string decoded(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool has_digits = text[at] == '%' && at + 2 < text.size() &&
                            hex_digit(text[at + 1]) >= 0 && hex_digit(text[at + 2]) >= 0;
    if (has_digits) {
      result += static_cast<char>(hex_digit(text[at + 1]) * 16 + hex_digit(text[at + 2]));
      at += 2;
    } else {
      result += text[at] == '+' ? ' ' : text[at];
    }
  }
  return result;
}

std::unexpected<Refusal> bad(std::string text) {
  return std::unexpected(Refusal{.status = 400, .reason = "bad_request", .text = std::move(text)});
}

std::unexpected<Refusal> forbidden(std::string text) {
  return std::unexpected(Refusal{.status = 403, .reason = "not_allowed", .text = std::move(text)});
}

std::expected<mcp::Url, Refusal> url_of(const std::string& target) {
  if (target.find("://") == std::string::npos)
    return bad(fmt::format("The target {} is neither a URL nor a name of the configuration.",
                           mcp::quoted(target)));
  auto url = mcp::parse_url(target);
  if (!url) return bad(fmt::format("The target cannot be probed: {}.", url.error().message));
  return *url;
}

}  // namespace

std::optional<std::string> query_parameter(std::string_view query, std::string_view name) {
  for (std::size_t begin = 0; begin < query.size();) {
    const auto end = std::min(query.find('&', begin), query.size());
    const auto pair = query.substr(begin, end - begin);
    begin = end + 1;
    const auto equals = pair.find('=');
    if (decoded(pair.substr(0, equals)) != name) continue;
    return equals == std::string_view::npos ? std::string() : decoded(pair.substr(equals + 1));
  }
  return std::nullopt;
}

ProbeQuery parse_probe_query(std::string_view query) {
  return {.target = query_parameter(query, "target").value_or(""),
          .module = query_parameter(query, "module").value_or(""),
          .debug = query_parameter(query, "debug") == "true"};
}

std::expected<AdmittedProbe, Refusal> admit(const ProbeQuery& query, const ExporterConfig& config,
                                            AllowAny any) {
  const std::string_view name = query.module.empty() ? default_module : query.module;
  const auto* module = config.find(name);
  if (module == nullptr)
    return std::unexpected(
        Refusal{.status = 400,
                .reason = "unknown_module",
                .text = fmt::format("There is no module {}.", mcp::quoted(name, 60))});
  if (query.target.empty()) return bad("The parameter target is missing.");
  const auto& allowed = config.targets_of(*module);
  if (const auto* named = allowed.find(query.target))
    return AdmittedProbe{.module = module, .url = named->url, .name = named->name};
  auto url = url_of(query.target);
  if (!url) return std::unexpected(url.error());
  const auto shown = target_name(query.target, {});
  if (allowed.permits(*url))
    return AdmittedProbe{.module = module, .url = std::move(*url), .name = shown};
  if (any == AllowAny::no)
    return forbidden(fmt::format("The target {} is not on the list of targets.", shown));
  if (module->has_credentials())
    return forbidden(
        fmt::format("The module {} has credentials, which go to the targets on its list only; {} "
                    "is none of them.",
                    mcp::printable(module->name), shown));
  return AdmittedProbe{.module = module, .url = std::move(*url), .name = shown};
}

std::expected<mcp::Duration, Refusal> probe_timeout(std::string_view scrape_timeout,
                                                    mcp::Duration module, mcp::Duration offset) {
  if (scrape_timeout.empty()) return module;
  double seconds = 0;
  const auto* const begin = scrape_timeout.data();
  const auto* const end = begin + scrape_timeout.size();
  const auto [stop, problem] = std::from_chars(begin, end, seconds);
  if (problem != std::errc() || stop != end || !std::isfinite(seconds) || seconds <= 0)
    return bad(fmt::format("X-Prometheus-Scrape-Timeout-Seconds is {}, which is no time.",
                           mcp::quoted(scrape_timeout, 40)));
  // More than a module may have; what follows must not overflow.
  const auto waits = std::chrono::duration_cast<mcp::Duration>(
      std::chrono::duration<double>(std::min(seconds, 366.0 * 24 * 3600)));
  return std::min(module, std::max(waits - offset, waits / 2));
}

bool RateLimit::take(mcp::TimePoint now) {
  if (per_second_ <= 0) return true;
  if (filled_) {
    const auto passed = std::chrono::duration<double>(now - *filled_).count();
    tokens_ = std::min(burst(), tokens_ + passed * per_second_);
  }
  filled_ = now;
  if (tokens_ < 1) return false;
  tokens_ -= 1;
  return true;
}

}  // namespace cli

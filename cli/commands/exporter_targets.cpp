#include "cli/commands/exporter_targets.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "mcp/base/text.hpp"

namespace cli {
namespace {

constexpr auto forms =
    "write a URL, https://HOST/* for all paths, 10.0.0.0/8, a host, or *.DOMAIN, with or without "
    ":PORT";

std::unexpected<mcp::Error> refuse(std::string_view text, std::string_view why,
                                   std::string hint = forms) {
  return mcp::fail(mcp::ErrorKind::usage, mcp::quoted(text) + " " + std::string(why),
                   std::move(hint));
}

template <typename Number>
std::optional<Number> number_of(const std::string& text) {
  Number number{};
  const auto* end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data(), end, number);
  if (problem != std::errc() || stop != end || text.empty()) return std::nullopt;
  return number;
}

bool is_host_letter(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '-' ||
         letter == '.' || letter == '_';
}

struct HostAndPort {
  std::string_view host;
  std::string_view port;  // empty: none is given
};

/// An IPv6 address with a port has brackets; without one it may have them.
HostAndPort split_port(std::string_view text) {
  if (text.starts_with('[')) {
    const auto close = text.find(']');
    if (close == std::string_view::npos) return {.host = text};
    const auto rest = text.substr(close + 1);
    if (!rest.empty() && !rest.starts_with(':')) return {.host = text};
    return {.host = text.substr(1, close - 1), .port = rest.empty() ? rest : rest.substr(1)};
  }
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || colon != text.rfind(':')) return {.host = text};
  return {.host = text.substr(0, colon), .port = text.substr(colon + 1)};
}

bool is_port_missing(std::string_view text) {
  return text.ends_with(':') && !text.ends_with("::");
}

}  // namespace

mcp::Result<TargetRule> TargetRule::parse(std::string_view text) {
  const auto read = text.find("://") != std::string_view::npos ? parse_url_rule(text)
                    : text.find('/') != std::string_view::npos ? parse_network(text)
                                                               : parse_host(text);
  if (!read) return std::unexpected(read.error());
  TargetRule rule;
  rule.text_ = text;
  rule.rule_ = *read;
  return rule;
}

mcp::Result<TargetRule::Rule> TargetRule::parse_url_rule(std::string_view text) {
  const bool any_path = text.ends_with("/*");
  const auto plain = any_path ? text.substr(0, text.size() - 1) : text;
  if (plain.find('*') != std::string_view::npos)
    return refuse(text, "has an asterisk where none may be");
  auto url = mcp::parse_url(plain);
  if (!url) return std::unexpected(url.error());
  if (!any_path) return Exact{std::move(*url)};
  if (url->target != "/") return refuse(text, "has a path before its asterisk");
  return Origin{std::move(*url)};
}

std::optional<TargetRule::Network> TargetRule::address_of(std::string_view text) {
  const std::string zero_ended(text);
  Network network;
  for (const int family : {AF_INET, AF_INET6}) {
    if (::inet_pton(family, zero_ended.c_str(), network.address.data()) != 1) continue;
    network.family = family;
    network.bits = family == AF_INET ? 32 : 128;
    return network;
  }
  return std::nullopt;
}

mcp::Result<TargetRule::Rule> TargetRule::parse_network(std::string_view text) {
  const auto slash = text.find('/');
  auto network = address_of(text.substr(0, slash));
  const auto bits = number_of<unsigned>(std::string(text.substr(slash + 1)));
  if (!network || !bits || *bits > network->bits) return refuse(text, "is no network");
  for (unsigned bit = *bits; bit < network->bits; ++bit)
    if ((network->address.at(bit / 8) & (0x80U >> (bit % 8))) != 0)
      return refuse(text, "has an address beyond its prefix", "write zeros there");
  network->bits = *bits;
  return *network;
}

mcp::Result<TargetRule::Rule> TargetRule::parse_host(std::string_view text) {
  const auto [host, port_text] = split_port(text);
  const auto port = number_of<std::uint16_t>(std::string(port_text));
  if (is_port_missing(text) || (!port_text.empty() && !port)) return refuse(text, "has no port");
  if (auto network = address_of(host)) {
    network->port = port;
    return *network;
  }
  if (text == "*")
    return refuse(text, "would be everything", "--allow-any-target says that in so many words");
  Host rule{.name = mcp::to_lower(host), .port = port};
  rule.is_pattern = rule.name.starts_with("*.");
  if (rule.is_pattern) rule.name.erase(0, 1);
  // What is made of digits and dots is a mistyped address.
  const bool is_name = rule.name.find_first_not_of("0123456789.") != std::string::npos &&
                       std::ranges::all_of(rule.name, is_host_letter);
  if (!is_name) return refuse(text, "is no host");
  return rule;
}

bool TargetRule::matches(const Exact& rule, const mcp::Url& url) {
  return mcp::same_origin(rule.url, url) && rule.url.target == url.target;
}

bool TargetRule::matches(const Origin& rule, const mcp::Url& url) {
  return mcp::same_origin(rule.url, url);
}

bool TargetRule::matches(const Network& rule, const mcp::Url& url) {
  const auto host = address_of(url.host);
  if (!host || host->family != rule.family) return false;
  if (rule.port && *rule.port != url.port) return false;
  for (unsigned bit = 0; bit < rule.bits; ++bit) {
    const auto differs = rule.address.at(bit / 8) ^ host->address.at(bit / 8);
    if ((differs & (0x80U >> (bit % 8))) != 0) return false;
  }
  return true;
}

bool TargetRule::matches(const Host& rule, const mcp::Url& url) {
  if (rule.port && *rule.port != url.port) return false;
  if (!rule.is_pattern) return url.host == rule.name;
  return url.host.size() > rule.name.size() && url.host.ends_with(rule.name);
}

bool TargetRule::permits(const mcp::Url& url) const {
  return std::visit([&](const auto& rule) { return matches(rule, url); }, rule_);
}

const NamedTarget* AllowedTargets::find(std::string_view name) const {
  const auto found = std::ranges::find(names, name, &NamedTarget::name);
  return found == names.end() ? nullptr : &*found;
}

bool AllowedTargets::permits(const mcp::Url& url) const {
  const auto is_it = [&](const NamedTarget& named) {
    return mcp::same_origin(named.url, url) && named.url.target == url.target;
  };
  return std::ranges::any_of(rules, [&](const TargetRule& rule) { return rule.permits(url); }) ||
         std::ranges::any_of(names, is_it);
}

}  // namespace cli

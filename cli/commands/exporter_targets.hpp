#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "mcp/base/error.hpp"
#include "mcp/base/url.hpp"

namespace cli {

/// One line of the list of what may be probed: a URL; ORIGIN/* for all paths there; a network such
/// as 10.0.0.0/8 for hosts that are written as numbers; a host or *.DOMAIN, with or without :PORT.
/// A name is never resolved here, so that what DNS says opens no other rule.
class TargetRule {
 public:
  /// Errors are of kind usage and name the text.
  static mcp::Result<TargetRule> parse(std::string_view text);

  bool permits(const mcp::Url& url) const;
  /// As it was written.
  const std::string& text() const { return text_; }

 private:
  struct Exact {
    mcp::Url url;
  };
  struct Origin {
    mcp::Url url;
  };
  struct Network {
    int family = 0;
    std::array<std::uint8_t, 16> address{};
    unsigned bits = 0;
    std::optional<std::uint16_t> port;
  };
  struct Host {
    std::string name;  // without the asterisk of a pattern: ".example.com"
    bool is_pattern = false;
    std::optional<std::uint16_t> port;
  };
  using Rule = std::variant<Exact, Origin, Network, Host>;

  static mcp::Result<Rule> parse_url_rule(std::string_view text);
  static mcp::Result<Rule> parse_network(std::string_view text);
  static mcp::Result<Rule> parse_host(std::string_view text);
  static std::optional<Network> address_of(std::string_view text);

  static bool matches(const Exact& rule, const mcp::Url& url);
  static bool matches(const Origin& rule, const mcp::Url& url);
  static bool matches(const Network& rule, const mcp::Url& url);
  static bool matches(const Host& rule, const mcp::Url& url);

  std::string text_;
  Rule rule_;
};

/// A target that has a name of its own: ?target=NAME.
struct NamedTarget {
  std::string name;
  mcp::Url url;
};

/// What may be probed.
struct AllowedTargets {
  std::vector<TargetRule> rules;
  std::vector<NamedTarget> names;

  bool empty() const { return rules.empty() && names.empty(); }
  const NamedTarget* find(std::string_view name) const;
  /// A named target's URL is permitted too.
  bool permits(const mcp::Url& url) const;
};

}  // namespace cli

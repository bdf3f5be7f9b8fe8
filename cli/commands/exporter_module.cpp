#include "cli/commands/exporter_module.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "cli/header_field.hpp"
#include "mcp/base/text.hpp"
#include "mcp/schema/value.hpp"
#include "mcp/session/revision.hpp"

namespace cli {
namespace {

using probes::Depth;
using scenarios::Complaints;
using scenarios::Fields;
using scenarios::YamlNode;

constexpr std::int64_t most_days = 36'500;

/// Texts are taken as they stand: a dollar sign is one.
std::optional<std::string> text_of(const YamlNode& node, Complaints& complaints) {
  if (node.is(YamlNode::Kind::scalar) && !node.text.empty()) return node.text;
  complaints.add(node.place,
                 fmt::format("a text is expected here, not {}",
                             node.text.empty() && node.quoted ? "an empty one" : kind_name(node)));
  return std::nullopt;
}

class ModuleReader {
 public:
  ModuleReader(const YamlNode& node, Complaints& complaints)
      : node_(node), complaints_(complaints), fields_(node, "a module", complaints) {}

  ExporterModule read(const std::string& name) {
    module_.name = name;
    read_way();
    read_credentials();
    read_connection();
    read_checks();
    fields_.with("call", [&](const YamlNode& node) { read_call(node); });
    fields_.with("targets", [&](const YamlNode& node) {
      module_.targets = read_allowed_targets(node, complaints_);
    });
    fields_.finish();
    complete();
    return std::move(module_);
  }

 private:
  void text(std::string_view key, std::string& value) {
    fields_.into(key, value, [&](const YamlNode& node) { return text_of(node, complaints_); });
  }
  void flag(std::string_view key, bool& value) {
    fields_.into(key, value, [&](const YamlNode& node) { return fields_.scalars().boolean(node); });
  }
  void texts(std::string_view key, std::vector<std::string>& values) {
    fields_.with(key, [&](const YamlNode& node) {
      if (!node.is(YamlNode::Kind::sequence)) return fields_.scalars().refuse(node, "list");
      for (const auto& item : node.items)
        if (auto each = text_of(item, complaints_)) values.push_back(std::move(*each));
    });
  }
  template <typename Value>
  void count(std::string_view key, Value& value, std::int64_t most) {
    fields_.with(key, [&](const YamlNode& node) {
      if (const auto number = fields_.scalars().integer(node, 0, most))
        value = static_cast<std::size_t>(*number);
    });
  }
  void days(std::string_view key, std::optional<std::chrono::days>& value) {
    fields_.with(key, [&](const YamlNode& node) {
      const auto number = fields_.scalars().integer(node, 0, most_days);
      if (!number) return;
      value.reset();
      if (*number > 0) value = std::chrono::days(*number);
    });
  }

  void read_way() {
    auto& scalars = fields_.scalars();
    fields_.with("depth", [&](const YamlNode& node) {
      const auto depth = scalars.choice(node, {"tcp", "tls", "handshake", "tools", "call"});
      if (depth) module_.options.depth = static_cast<Depth>(*depth);
    });
    fields_.into("timeout", module_.timeout, [&](const YamlNode& node) {
      return scalars.duration(node, std::chrono::milliseconds(1));
    });
    fields_.with("retries", [&](const YamlNode& node) {
      if (const auto retries = scalars.integer(node, 0, 100))
        module_.options.retries = static_cast<int>(*retries);
    });
    // stdio is not among them: a program is never started because a request asks for it.
    fields_.with("transport", [&](const YamlNode& node) {
      if (scalars.choice(node, {"auto", "http-sse", "streamable-http"}))
        module_.target.transport = node.text;
    });
    fields_.with("protocol", [&](const YamlNode& node) {
      std::vector<std::string> names = {"auto", "legacy", "modern"};
      for (const auto revision : mcp::all_revisions) names.emplace_back(to_string(revision));
      if (scalars.choice(node, names)) module_.target.protocol = node.text;
    });
  }

  void read_credentials() {
    fields_.with("headers", [&](const YamlNode& node) { read_headers(node); });
    fields_.with("headers_file", [&](const YamlNode& node) {
      if (auto path = text_of(node, complaints_)) module_.target.headers.push_back("@" + *path);
    });
    text("token_file", module_.target.token_file);
    text("token_env", module_.target.token_env);
    text("cert_file", module_.target.certificate);
    text("key_file", module_.target.key);
  }
  void read_headers(const YamlNode& node) {
    if (!node.is(YamlNode::Kind::mapping)) return fields_.scalars().refuse(node, "mapping");
    for (const auto& member : node.members) {
      const auto value = text_of(member.value, complaints_);
      if (!value) continue;
      auto header = parse_header_field(member.key + ": " + *value);
      if (header) {
        module_.headers.push_back(std::move(*header));
      } else {
        complaints_.add(member.place, header.error());
      }
    }
  }

  void read_connection() {
    text("ca_file", module_.target.ca_file);
    flag("insecure", module_.target.insecure);
    text("proxy", module_.target.proxy);
    flag("no_proxy", module_.target.no_proxy);
    texts("resolve", module_.target.resolve);
  }

  void read_checks() {
    auto& options = module_.options;
    count("min_tools", options.min_tools, 1'000'000);
    texts("require_tools", options.require_tools);
    texts("require_capabilities", options.require_capabilities);
    fields_.into("max_latency", options.max_latency, [&](const YamlNode& node) {
      return fields_.scalars().duration(node, std::chrono::milliseconds(1));
    });
    days("cert_warn", options.cert_warn);
    days("cert_crit", options.cert_crit);
    bool allow_protected = false;
    flag("allow_protected", allow_protected);
    if (allow_protected) options.protected_server = probes::ProtectedServer::passes;
  }

  void read_call(const YamlNode& node) {
    Fields fields(node, "a call", complaints_);
    if (!node.is(YamlNode::Kind::mapping)) return;
    probes::ToolCall call{.arguments = nlohmann::json::object()};
    fields.into("tool", call.tool, [&](const YamlNode& n) { return text_of(n, complaints_); });
    if (node.find("tool") == nullptr) complaints_.add(node.place, "the call has no tool");
    fields.with("arguments", [&](const YamlNode& arguments) {
      if (!arguments.is(YamlNode::Kind::mapping))
        return fields.scalars().refuse(arguments, "mapping");
      call.arguments = mcp::schema::to_json(scenarios::to_value(arguments));
    });
    fields.with("expect", [&](const YamlNode& expect) { read_expectations(expect, call); });
    fields.with("expect_text", [&](const YamlNode& pattern) {
      const auto text = text_of(pattern, complaints_);
      if (!text) return;
      auto read = probes::TextPattern::parse(*text);
      if (!read)
        return complaints_.add(pattern.place,
                               mcp::quoted(*text) + " is no POSIX extended regular expression");
      call.text = std::move(*read);
    });
    fields.finish();
    module_.options.call = std::move(call);
  }
  void read_expectations(const YamlNode& node, probes::ToolCall& call) {
    if (!node.is(YamlNode::Kind::sequence)) return fields_.scalars().refuse(node, "list");
    for (const auto& item : node.items) {
      const auto text = text_of(item, complaints_);
      if (!text) continue;
      auto read = probes::Expectation::parse(*text);
      if (read) {
        call.expectations.push_back(std::move(*read));
      } else {
        complaints_.add(item.place, mcp::quoted(*text) + " is not JSONPOINTER=VALUE",
                        "for example /structuredContent/sum=5");
      }
    }
  }

  /// A check of something that the probe would not look at must not pass unnoticed.
  void complete() {
    auto& options = module_.options;
    if (options.call && node_.find("depth") == nullptr) options.depth = Depth::call;
    const auto complain = [&](std::string_view key, std::string message) {
      complaints_.add(node_.find(key)->place, std::move(message));
    };
    if (options.call && options.depth != Depth::call) complain("call", "a call needs depth: call");
    if (!options.call && options.depth == Depth::call)
      complain("depth", "depth: call needs a call");
    for (const auto* key : {"min_tools", "require_tools"})
      if (options.depth < Depth::tools && node_.find(key) != nullptr)
        complain(key, fmt::format("{} needs depth: tools or call", key));
    if (options.depth < Depth::handshake && node_.find("require_capabilities") != nullptr)
      complain("require_capabilities", "require_capabilities needs depth: handshake at least");
    if (!module_.target.token_file.empty() && !module_.target.token_env.empty())
      complain("token_env", "token_file and token_env exclude each other");
    if (!module_.target.key.empty() && module_.target.certificate.empty())
      complain("key_file", "key_file needs cert_file beside it");
    if (!module_.target.proxy.empty() && module_.target.no_proxy)
      complain("no_proxy", "proxy and no_proxy exclude each other");
  }

  const YamlNode& node_;
  Complaints& complaints_;
  Fields fields_;
  ExporterModule module_;
};

void read_named(const YamlNode& node, AllowedTargets& targets, Complaints& complaints) {
  Fields fields(node, "a target", complaints);
  std::string name;
  std::string url;
  const auto text = [&](const YamlNode& n) { return text_of(n, complaints); };
  fields.into("name", name, text);
  fields.into("url", url, text);
  fields.finish();
  if (node.find("name") == nullptr || node.find("url") == nullptr)
    return complaints.add(node.place, "a target with a name has both name and url");
  if (name.empty() || url.empty()) return;
  if (name.find("://") != std::string::npos)
    return complaints.add(node.find("name")->place, mcp::quoted(name) + " is no name");
  if (targets.find(name) != nullptr)
    return complaints.add(node.find("name")->place, mcp::quoted(name) + " is there twice");
  auto parsed = mcp::parse_url(url);
  if (!parsed) return complaints.add(node.find("url")->place, parsed.error());
  targets.names.push_back({.name = std::move(name), .url = std::move(*parsed)});
}

}  // namespace

ExporterModule read_exporter_module(const std::string& name, const YamlNode& node,
                                    Complaints& complaints) {
  // "mcp_plain:" with nothing behind it is a module of defaults.
  if (node.is(YamlNode::Kind::null)) return {.name = name};
  if (node.is(YamlNode::Kind::mapping)) return ModuleReader(node, complaints).read(name);
  complaints.add(node.place, fmt::format("a module must be a mapping, not {}", kind_name(node)));
  return {.name = name};
}

AllowedTargets read_allowed_targets(const YamlNode& node, Complaints& complaints) {
  AllowedTargets targets;
  if (!node.is(YamlNode::Kind::sequence)) {
    complaints.add(node.place, fmt::format("targets must be a list, not {}", kind_name(node)));
    return targets;
  }
  for (const auto& item : node.items) {
    if (item.is(YamlNode::Kind::mapping)) {
      read_named(item, targets, complaints);
      continue;
    }
    const auto text = text_of(item, complaints);
    if (!text) continue;
    auto rule = TargetRule::parse(*text);
    if (rule) {
      targets.rules.push_back(std::move(*rule));
    } else {
      complaints.add(item.place, rule.error());
    }
  }
  return targets;
}

}  // namespace cli

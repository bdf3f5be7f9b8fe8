#include "cli/render/exporter_config.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "cli/target_name.hpp"
#include "mcp/base/text.hpp"

namespace cli {
namespace {

constexpr auto hidden = "<hidden>";

std::string duration_text(mcp::Duration duration) {
  return fmt::format("{}s", std::chrono::duration<double>(duration).count());
}

void write_targets(YAML::Emitter& out, const AllowedTargets& targets) {
  out << YAML::Key << "targets" << YAML::Value << YAML::BeginSeq;
  for (const auto& rule : targets.rules) out << target_name(rule.text(), {});
  for (const auto& named : targets.names)
    out << YAML::Flow << YAML::BeginMap << YAML::Key << "name" << YAML::Value << named.name
        << YAML::Key << "url" << YAML::Value << target_name(named.url.to_string(), {})
        << YAML::EndMap;
  out << YAML::EndSeq;
}

/// Writes what is not as it is without being said.
class ModuleText {
 public:
  explicit ModuleText(YAML::Emitter& out) : out_(out) {}

  void write(const ExporterModule& module) {
    const probes::ProbeOptions defaults;
    const auto& options = module.options;
    const auto& target = module.target;
    out_ << YAML::BeginMap;
    pair("depth", std::string(to_string(options.depth)));
    pair("timeout", duration_text(module.timeout));
    if (options.retries != 0) pair("retries", options.retries);
    if (target.transport != "auto") pair("transport", target.transport);
    if (target.protocol != "auto") pair("protocol", target.protocol);
    credentials(module);
    text("ca_file", target.ca_file);
    if (target.insecure) pair("insecure", true);
    text("proxy", target_name(target.proxy, {}));
    if (target.no_proxy) pair("no_proxy", true);
    list("resolve", target.resolve);
    checks(options);
    if (options.call) call(*options.call);
    if (module.targets) write_targets(out_, *module.targets);
    out_ << YAML::EndMap;
  }

 private:
  template <typename Value>
  void pair(const char* key, const Value& value) {
    out_ << YAML::Key << key << YAML::Value << value;
  }
  void text(const char* key, const std::string& value) {
    if (!value.empty()) pair(key, value);
  }
  void list(const char* key, const std::vector<std::string>& values) {
    if (!values.empty()) pair(key, values);
  }
  void credentials(const ExporterModule& module) {
    if (!module.headers.empty()) {
      out_ << YAML::Key << "headers" << YAML::Value << YAML::BeginMap;
      for (const auto& header : module.headers) pair(header.name.c_str(), hidden);
      out_ << YAML::EndMap;
    }
    if (!module.target.headers.empty())
      text("headers_file", module.target.headers.front().substr(1));
    text("token_file", module.target.token_file);
    text("token_env", module.target.token_env);
    text("cert_file", module.target.certificate);
    text("key_file", module.target.key);
  }
  void checks(const probes::ProbeOptions& options) {
    if (options.min_tools) pair("min_tools", *options.min_tools);
    list("require_tools", options.require_tools);
    list("require_capabilities", options.require_capabilities);
    if (options.max_latency) pair("max_latency", duration_text(*options.max_latency));
    if (options.cert_warn != probes::ProbeOptions().cert_warn)
      pair("cert_warn", options.cert_warn ? options.cert_warn->count() : 0);
    if (options.cert_crit) pair("cert_crit", options.cert_crit->count());
    if (options.protected_server == probes::ProtectedServer::passes) pair("allow_protected", true);
  }
  void call(const probes::ToolCall& call) {
    out_ << YAML::Key << "call" << YAML::Value << YAML::BeginMap;
    pair("tool", call.tool);
    if (!call.arguments->empty()) {
      out_ << YAML::Key << "arguments" << YAML::Value << YAML::Flow;
      json(*call.arguments);
    }
    if (!call.expectations.empty()) {
      out_ << YAML::Key << "expect" << YAML::Value << YAML::BeginSeq;
      for (const auto& expectation : call.expectations)
        out_ << expectation.pointer() + "=" + expectation.expected();
      out_ << YAML::EndSeq;
    }
    if (call.text) pair("expect_text", call.text->pattern());
    out_ << YAML::EndMap;
  }
  void json(const nlohmann::json& value) {
    if (value.is_object()) {
      out_ << YAML::BeginMap;
      for (const auto& [key, member] : value.items()) {
        out_ << YAML::Key << key << YAML::Value;
        json(member);
      }
      out_ << YAML::EndMap;
    } else if (value.is_array()) {
      out_ << YAML::BeginSeq;
      for (const auto& item : value) json(item);
      out_ << YAML::EndSeq;
    } else if (value.is_string()) {
      out_ << YAML::DoubleQuoted << value.get_ref<const std::string&>();
    } else if (value.is_null()) {
      out_ << YAML::Null;
    } else if (value.is_boolean()) {
      out_ << value.get<bool>();
    } else {
      out_ << value.dump();
    }
  }

  YAML::Emitter& out_;
};

}  // namespace

std::string exporter_module_text(const ExporterModule& module) {
  YAML::Emitter out;
  out << YAML::BeginMap << YAML::Key << module.name << YAML::Value;
  ModuleText(out).write(module);
  out << YAML::EndMap;
  return std::string(out.c_str()) + '\n';
}

std::string exporter_config_text(const ExporterConfig& config) {
  YAML::Emitter out;
  out << YAML::BeginMap;
  write_targets(out, config.targets);
  out << YAML::Key << "modules" << YAML::Value << YAML::BeginMap;
  for (const auto& [name, module] : config.modules) {
    out << YAML::Key << name << YAML::Value;
    ModuleText(out).write(module);
  }
  out << YAML::EndMap << YAML::EndMap;
  return std::string(out.c_str()) + '\n';
}

}  // namespace cli

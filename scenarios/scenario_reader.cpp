#include "scenarios/scenario_reader.hpp"

#include <fmt/format.h>

#include "mcp/base/text.hpp"
#include "scenarios/agents_reader.hpp"
#include "scenarios/argument_files.hpp"
#include "scenarios/script_check.hpp"
#include "scenarios/script_reader.hpp"

namespace scenarios {
namespace {

/// Reads the top level of a file; each section has its reader.
class ScenarioReader {
 public:
  ScenarioReader(const YamlNode& file, Complaints& complaints)
      : file_(file), complaints_(complaints), fields_(file, "a scenario", complaints) {}

  Scenario read() {
    if (!file_.is(YamlNode::Kind::mapping)) return {};
    read_words();
    read_target();
    read_times();
    read_load();
    read_lists();
    fields_.finish();
    complete();
    return std::move(scenario_);
  }

 private:
  void read_words() {
    auto& scalars = fields_.scalars();
    const auto text = [&](const YamlNode& n) { return scalars.text(n); };
    fields_.into("name", scenario_.name, text);
    fields_.into("description", scenario_.description, text);
    fields_.with("loop", [&](const YamlNode& n) {
      if (const auto loop = scalars.choice(n, {"open", "closed"})) {
        scenario_.loop = static_cast<LoopKind>(*loop);
      }
    });
    fields_.with("spread", [&](const YamlNode& n) {
      if (const auto spread = scalars.choice(n, {"even", "poisson"})) {
        scenario_.spread = static_cast<Spread>(*spread);
      }
    });
    fields_.with("seed", [&](const YamlNode& n) {
      if (const auto seed = scalars.integer(n, 0, INT64_MAX)) {
        scenario_.seed = static_cast<std::uint64_t>(*seed);
      }
    });
  }

  void read_target() {
    auto& scalars = fields_.scalars();
    auto& target = scenario_.target;
    fields_.with("target", [&](const YamlNode& n) {
      if (n.is(YamlNode::Kind::sequence)) return read_command(n);
      if (const auto name = scalars.text(n)) target.name = *name;
    });
    fields_.with("transport", [&](const YamlNode& n) {
      const auto chosen = scalars.choice(n, {"auto", "stdio", "http-sse", "streamable-http"});
      if (chosen) target.transport = static_cast<mcp::TransportChoice>(*chosen);
    });
    fields_.with("protocol", [&](const YamlNode& n) {
      std::vector<std::string> names = {"auto", "legacy", "modern"};
      for (const auto revision : mcp::all_revisions) names.emplace_back(to_string(revision));
      const auto chosen = scalars.choice(n, names);
      if (!chosen || *chosen == 0) return;
      if (*chosen == 1) target.protocol.era = mcp::Era::legacy;
      if (*chosen == 2) target.protocol.era = mcp::Era::modern;
      if (*chosen > 2) target.protocol.revision = mcp::all_revisions.at(*chosen - 3);
    });
  }
  void read_command(const YamlNode& node) {
    if (node.items.empty()) fields_.scalars().refuse(node, "command");
    for (const auto& word : node.items) {
      if (auto text = fields_.scalars().text(word)) {
        scenario_.target.command.push_back(std::move(*text));
      }
    }
  }

  void read_times() {
    auto& scalars = fields_.scalars();
    const auto duration = [&](const YamlNode& n) { return scalars.duration(n); };
    const auto positive = [&](const YamlNode& n) {
      return scalars.duration(n, std::chrono::milliseconds(1));
    };
    fields_.into("duration", scenario_.duration, positive);
    fields_.into("settle", settle_, duration);
    fields_.into("timeout", scenario_.timeout, positive);
    fields_.into("drain", scenario_.drain, duration);
  }

  void read_load() {
    fields_.into("agents", scenario_.agents,
                 [&](const YamlNode& n) { return read_agents(n, complaints_); });
    fields_.with("phases",
                 [&](const YamlNode& n) { scenario_.phases = read_phases(n, complaints_); });
    fields_.into("search", scenario_.search,
                 [&](const YamlNode& n) { return read_search(n, complaints_); });
    fields_.with("follow", [&](const YamlNode& n) {
      scenario_.follows_sessions = fields_.scalars().choice(n, {"sessions"}).has_value();
    });
    fields_.into("requests", scenario_.requests,
                 [&](const YamlNode& n) { return RequestReader(complaints_).read_mix(n); });
    fields_.into("script", scenario_.script,
                 [&](const YamlNode& n) { return ScriptReader(complaints_).read(n); });
  }

  void read_lists() {
    each_text("thresholds", [&](const std::string& text, Place place) {
      auto threshold = parse_threshold(text);
      if (threshold) {
        scenario_.thresholds.push_back(std::move(*threshold));
      } else {
        complaints_.add(place, threshold.error());
      }
    });
    each_text("sources",
              [&](std::string text, Place) { scenario_.sources.push_back(std::move(text)); });
  }
  void each_text(std::string_view key, const std::function<void(std::string, Place)>& take) {
    fields_.with(key, [&](const YamlNode& node) {
      if (!node.is(YamlNode::Kind::sequence)) return fields_.scalars().refuse(node, "list");
      for (const auto& item : node.items) {
        if (auto text = fields_.scalars().text(item)) take(std::move(*text), item.place);
      }
    });
  }

  /// What follows from several sections together.
  void complete() {
    const bool searches = !std::holds_alternative<std::monostate>(scenario_.search);
    const bool has_rates = scenario_.has_rates();
    const bool paces = has_rates || std::holds_alternative<CapacitySearch>(scenario_.search);
    if (!scenario_.phases.empty()) {
      if (file_.find("duration") != nullptr) {
        complaints_.add(file_.find("duration")->place, "the phases say how long the run takes",
                        "leave duration out");
      }
      scenario_.duration = {};
      for (const auto& phase : scenario_.phases) scenario_.duration += phase.length;
    }
    scenario_.settle = settle_.value_or(paces ? std::chrono::seconds(1) : std::chrono::seconds(0));
    if (file_.find("script") == nullptr && paces) {
      scenario_.script = {ScriptStep{.action = Connect{}}, ScriptStep{.action = Pace{}},
                          ScriptStep{.action = Disconnect{}}};
    } else if (file_.find("script") == nullptr && !searches) {
      complaints_.add(file_.place, "there is neither a script nor a phase with a rate");
    }
    if (file_.find("spread") != nullptr && !paces) {
      complaints_.add(file_.find("spread")->place, "spread needs phases with rates");
    }
    if (scenario_.loop == LoopKind::closed && has_rates) {
      complaints_.add(file_.find("loop")->place, "a closed loop has no rate",
                      "leave loop out, or the rates of the phases");
    }
    const auto* script = file_.find("script");
    if (!complaints_.empty()) return;  // steps that could not be read would be missed
    check_script(scenario_, script != nullptr ? script->place : file_.place, complaints_);
  }

  const YamlNode& file_;
  Complaints& complaints_;
  Fields fields_;
  Scenario scenario_;
  std::optional<mcp::Duration> settle_;
};

}  // namespace

std::expected<Scenario, std::vector<Complaint>> read_scenario(std::string_view text,
                                                              const ReadOptions& options) {
  auto file = read_yaml(text);
  if (!file) return std::unexpected(std::vector{file.error()});
  Complaints complaints;
  Variables variables(options.environment);
  variables.declare(*file, complaints);
  variables.set(options.set, complaints);
  variables.fill_in(*file, complaints);
  auto scenario = ScenarioReader(*file, complaints).read();
  if (complaints.empty()) read_argument_files(scenario, options, complaints);
  if (complaints.empty()) return scenario;
  return std::unexpected(complaints.sorted());
}

}  // namespace scenarios

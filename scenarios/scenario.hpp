#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "mcp/base/time.hpp"
#include "mcp/client/options.hpp"
#include "mcp/schema/value.hpp"
#include "mcp/transport/endpoint.hpp"
#include "scenarios/argument_template.hpp"
#include "scenarios/incident.hpp"
#include "scenarios/place.hpp"
#include "scenarios/quantities.hpp"
#include "scenarios/threshold.hpp"
#include "scenarios/timeline.hpp"

namespace scenarios {

/// What the file says about where the load goes; the command line may say it instead.
struct Target {
  std::string name;                  // a URL or @NAME
  std::vector<std::string> command;  // a stdio server
  mcp::TransportChoice transport = mcp::TransportChoice::automatic;
  mcp::ProtocolChoice protocol;
};

/// How agents come: all at the start, evenly within a time, or at a rate.
struct AtOnce {};
struct Within {
  mcp::Duration over{};
};
struct AtRate {
  Rate rate;
};
struct AtPoissonRate {
  Rate rate;
};
using Arrival = std::variant<AtOnce, Within, AtRate, AtPoissonRate>;

/// An agent leaves after `lifetime`, and a new one comes in its place after `pause`.
struct Churn {
  Uneven lifetime;
  Uneven pause;
};

struct Agents {
  std::int64_t count = 1;
  Arrival arrive = AtOnce{};
  std::optional<Churn> churn;
  /// Requests of one agent that may be open at the same time. Further ones wait, and their wait
  /// counts as latency.
  std::int64_t in_flight = 64;
  /// Connections of one agent.
  std::int64_t connections = 1;
};

/// What an answer must be like; what is not set is not looked at.
struct Expectation {
  struct Member {
    std::string pointer;  // RFC 6901, into the result
    mcp::schema::Value equals;
  };
  /// An answer with isError is a tool error unless it is asked for.
  bool is_error = false;
  std::string text_contains;
  std::optional<Member> member;
  std::optional<mcp::Duration> within;

  /// Whether the result itself must be read for it.
  bool needs_result() const { return !text_contains.empty() || member.has_value(); }
};

enum class Operation : std::uint8_t { call, list, read, prompt, ping, listen };
/// "tools/call" and so on; `list` is "tools/list" for the target "tools".
std::string method_of(Operation operation, std::string_view target);

/// The arguments of a call: a template, the JSON values of a file in turn, or instances of the
/// tool's inputSchema.
struct Generated {};
struct FromFile {
  std::string path;
  /// One object, or each element of an array in turn. Filled in by whoever reads files.
  std::vector<mcp::schema::Value> values;
};
using Arguments = std::variant<ArgumentTemplate, FromFile, Generated>;

struct Request {
  Operation operation = Operation::call;
  /// The tool or prompt; the URI (a template); or the list: tools, prompts, resources or
  /// resource_templates.
  ArgumentTemplate target;
  Arguments arguments;
  std::uint32_t weight = 1;
  Expectation expect;
  std::optional<mcp::Duration> timeout;
  /// Its number among the steps of the plan.
  StepId step = 0;

  bool has_constant_arguments() const {
    const auto* text = std::get_if<ArgumentTemplate>(&arguments);
    return text != nullptr && text->constant() != nullptr;
  }
};
/// One of them is drawn by weight each time.
using Mix = std::vector<Request>;

struct Connect {};
struct Disconnect {};
/// One request. An empty mix stands for the scenario's own.
struct Send {
  Mix mix;
};
enum class Spacing : std::uint8_t { equal, jittered };
struct Burst {
  std::int64_t calls = 1;
  mcp::Duration over{};
  Spacing spacing = Spacing::equal;
  Mix mix;
};
/// Nothing is sent for that long: `idle` is a pause that the results show, `think` is not.
struct Idle {
  Uneven time;
};
struct Think {
  Uneven time;
};
/// Requests at the rate of the phases, until these end.
struct Pace {};
struct ScriptStep;
struct Repeat {
  std::optional<std::int64_t> times;  // none: until the run ends
  std::vector<ScriptStep> steps;
};
struct ScriptStep {
  Place place;
  std::variant<Connect, Disconnect, Send, Burst, Idle, Think, Pace, Repeat> action;
};
using Script = std::vector<ScriptStep>;

enum class PhaseKind : std::uint8_t { ramp, steady, spike, soak };
std::string_view to_string(PhaseKind kind);

/// A part of the run. Rates are of all agents together, and change evenly from `from` to `to`;
/// without them the script alone decides when something is sent.
struct Phase {
  std::string name;
  PhaseKind kind = PhaseKind::steady;
  mcp::Duration length{};
  std::optional<Rate> from;
  std::optional<Rate> to;
};

/// Open: each request has its intended start, whatever became of those before it. Closed: a request
/// waits for the answer to the one before it.
enum class LoopKind : std::uint8_t { open, closed };

/// How the requests of the phases' rates are spread: evenly, or at random as independent users do.
enum class Spread : std::uint8_t { even, poisson };

/// Finds the time after which something idle is cut.
struct IdleSearch {
  std::vector<Subject> subjects;
  mcp::Duration from = std::chrono::seconds(1);
  mcp::Duration to = std::chrono::minutes(10);
  mcp::Duration within = std::chrono::milliseconds(500);
};

/// Finds the highest rate that keeps the thresholds.
struct CapacitySearch {
  Rate from{.count = 10};
  Rate to{.count = 100'000};
  std::uint32_t growth_permille = 2000;  // each step's rate is that part of the one before
  mcp::Duration step = std::chrono::seconds(10);
  std::uint32_t within_permille = 50;
};
using Search = std::variant<std::monostate, IdleSearch, CapacitySearch>;

/// A scenario as its file says it, checked, with every variable filled in.
struct Scenario {
  std::string name;
  std::string description;
  Target target;
  Agents agents;
  LoopKind loop = LoopKind::open;
  Script script;
  /// What bursts, `pace` and bare `send` draw from. Empty: tools/list, which changes nothing.
  Mix requests;
  std::vector<Phase> phases;
  Spread spread = Spread::even;
  /// The whole run: the sum of the phases where there are any.
  mcp::Duration duration{};
  /// From the last arrival to the start of the phases.
  mcp::Duration settle{};
  mcp::Duration timeout = std::chrono::seconds(30);
  mcp::Duration drain = std::chrono::seconds(10);
  std::vector<Threshold> thresholds;
  std::vector<std::string> sources;  // local addresses to connect from
  std::uint64_t seed = 1;
  Search search;
  /// The results say of each session what became of it.
  bool follows_sessions = false;

  bool has_rates() const { return !phases.empty() && phases.front().to.has_value(); }
};

}  // namespace scenarios

#include "cli/commands/load_flags.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "mcp/base/text.hpp"
#include "scenarios/plan_limits.hpp"

namespace cli {
namespace {

using mcp::schema::Type;
using mcp::schema::Value;
using scenarios::ArgumentTemplate;

std::unexpected<mcp::Error> refuse(std::string_view flag, const mcp::Error& why) {
  return mcp::fail(mcp::ErrorKind::usage, fmt::format("{}: {}", flag, why.message), why.hint);
}

template <typename Number>
mcp::Result<Number> read_number(std::string_view flag, std::string_view text, Number least,
                                Number most) {
  Number value{};
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem == std::errc{} && end == text.data() + text.size() && value >= least &&
      value <= most) {
    return value;
  }
  return mcp::fail(mcp::ErrorKind::usage, fmt::format("{}: {} is no number from {} to {}", flag,
                                                      mcp::quoted(text), least, most));
}

/// Fills in an optional from a flag that was given.
template <typename T, typename Read>
mcp::Result<void> read_flag(std::string_view flag, const std::string& text, std::optional<T>& into,
                            const Read& read) {
  if (text.empty()) return {};
  auto value = read(text);
  if (!value) return refuse(flag, value.error());
  into = std::move(*value);
  return {};
}

mcp::Result<mcp::Duration> read_length(const std::string& text) {
  const auto length = scenarios::read_duration(text);
  if (length && *length < std::chrono::milliseconds(1)) {
    return mcp::fail(mcp::ErrorKind::usage, "must be a millisecond or more");
  }
  return length;
}

mcp::Result<LoadFlags::BurstFlag> read_burst(const std::string& text) {
  const auto slash = text.find('/');
  const auto hint = "write 30/8s for thirty requests in eight seconds";
  const auto wrong = [&] {
    return mcp::fail(mcp::ErrorKind::usage, mcp::quoted(text) + " is no burst", hint);
  };
  if (slash == std::string::npos) return wrong();
  const auto calls = read_number<std::int64_t>("", text.substr(0, slash), 1, 1'000'000);
  const auto over = read_length(text.substr(slash + 1));
  if (!calls || !over) return wrong();
  return LoadFlags::BurstFlag{*calls, *over};
}

mcp::Result<void> read_sources(std::string_view text, LoadFlags& flags) {
  while (!text.empty()) {
    const auto end = std::min(text.find(','), text.size());
    const auto address = mcp::trim(text.substr(0, end));
    if (address.empty()) {
      return mcp::fail(mcp::ErrorKind::usage, "--source: an address is missing",
                       "for example --source 127.0.0.1,127.0.0.2");
    }
    flags.sources.emplace_back(address);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return {};
}

mcp::Result<ArgumentTemplate> template_of(const Value& value) {
  if (value.is(Type::string)) {
    auto text = scenarios::TextTemplate::read(value.string());
    if (!text) return std::unexpected(text.error());
    return ArgumentTemplate(std::move(*text), false);
  }
  if (value.is(Type::array)) {
    ArgumentTemplate::Array items;
    for (const auto& item : value.array()) {
      auto made = template_of(item);
      if (!made) return made;
      items.push_back(std::move(*made));
    }
    return ArgumentTemplate(std::move(items));
  }
  if (value.is(Type::object)) {
    ArgumentTemplate::Object members;
    for (const auto& [name, member] : value.object()) {
      auto made = template_of(member);
      if (!made) return made;
      members.emplace(name, std::move(*made));
    }
    return ArgumentTemplate(std::move(members));
  }
  return ArgumentTemplate(value);
}

mcp::Result<void> read_call(const LoadOptions& options, LoadFlags& flags) {
  if (options.call.empty()) {
    if (options.arguments.empty()) return {};
    return mcp::fail(mcp::ErrorKind::usage, "--args: belongs to --call TOOL");
  }
  scenarios::Request request{.operation = scenarios::Operation::call,
                             .target = ArgumentTemplate(Value(options.call)),
                             .arguments = scenarios::Generated{}};
  if (!options.arguments.empty()) {
    const auto value = mcp::schema::parse_value(options.arguments);
    if (!value) return refuse("--args", value.error());
    if (!value->is(Type::object)) {
      return mcp::fail(mcp::ErrorKind::usage, "--args: is no JSON object",
                       "for example --args '{\"text\":\"hello\"}'");
    }
    auto made = template_of(*value);
    if (!made) return refuse("--args", made.error());
    request.arguments = std::move(*made);
  }
  flags.call = std::move(request);
  return {};
}

}  // namespace

mcp::Result<LoadFlags> read_load_flags(const LoadOptions& options) {
  LoadFlags flags;
  flags.closed = options.closed;
  const auto agents = [](const std::string& text) {
    return read_number<std::int64_t>("", text, 1, scenarios::most_agents);
  };
  const auto seed = [](const std::string& text) {
    return read_number<std::uint64_t>("", text, 0, INT64_MAX);
  };
  for (auto&& read : {read_flag("--agents", options.agents, flags.agents, agents),
                      read_flag("--rate", options.rate, flags.rate, scenarios::read_rate),
                      read_flag("--duration", options.duration, flags.duration, read_length),
                      read_flag("--burst", options.burst, flags.burst, read_burst),
                      read_flag("--idle", options.idle, flags.idle, scenarios::read_uneven),
                      read_flag("--seed", options.seed, flags.seed, seed),
                      read_call(options, flags), read_sources(options.sources, flags)}) {
    if (!read) return std::unexpected(read.error());
  }
  for (const auto& text : options.thresholds) {
    auto threshold = scenarios::parse_threshold(text);
    if (!threshold) return refuse("--threshold", threshold.error());
    flags.thresholds.push_back(std::move(*threshold));
  }
  return flags;
}

}  // namespace cli

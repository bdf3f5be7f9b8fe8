#include "scenarios/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

#include "mcp/base/text.hpp"

namespace scenarios {
namespace {

std::optional<std::uint32_t> number_of(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// What a step is called in reports: a template as it was written would differ with each request.
std::string name_of(const Request& request) {
  const bool has_name = request.operation == Operation::call ||
                        request.operation == Operation::prompt ||
                        request.operation == Operation::read;
  if (!has_name) return {};
  const auto* constant = request.target.constant();
  return constant != nullptr && constant->is(mcp::schema::Type::string) ? constant->string() : "*";
}

std::string list_of(const Request& request) {
  const auto* constant = request.target.constant();
  return constant != nullptr && constant->is(mcp::schema::Type::string) ? constant->string()
                                                                        : "tools";
}

mcp::Duration at_rate(std::uint64_t index, const Rate& rate) {
  const auto per = static_cast<std::uint64_t>(rate.per.count());
  return mcp::Duration(
      static_cast<std::int64_t>(scaled(index, per, static_cast<std::uint64_t>(rate.count))));
}

}  // namespace

mcp::Result<Shard> read_shard(std::string_view text) {
  const auto slash = text.find('/');
  auto first = text.substr(0, slash);
  constexpr std::string_view from_zero = "+1";
  const std::uint64_t added = first.ends_with(from_zero) ? 1 : 0;
  if (added != 0) first.remove_suffix(from_zero.size());
  const auto index = number_of(first);
  const auto number = index ? *index + added : 0;
  const auto count =
      slash == std::string_view::npos ? std::nullopt : number_of(text.substr(slash + 1));
  if (count && number >= 1 && number <= *count && *count <= 10'000) {
    return Shard{.index = static_cast<std::uint32_t>(number - 1), .count = *count};
  }
  return mcp::fail(mcp::ErrorKind::usage, fmt::format("{} is no shard", mcp::quoted(text)),
                   "write 1/4 for the first of four");
}

Plan::Plan(Scenario scenario, Shard shard) : scenario_(std::move(scenario)), shard_(shard) {
  if (scenario_.requests.empty()) {
    Request list{.operation = Operation::list};
    list.target = ArgumentTemplate(mcp::schema::Value(std::string("tools")));
    scenario_.requests.push_back(std::move(list));
  }
  number_steps();
  const auto arrive = arrivals();
  phases_start_ = *std::ranges::max_element(arrive) + scenario_.settle;
  if (scenario_.has_rates()) timetable_ = Timetable(scenario_.phases);
  if (scenario_.has_rates()) {
    ends_ = phases_start_ + timetable_.length();
  } else if (scenario_.duration > mcp::Duration::zero()) {
    ends_ = scenario_.duration;
  }
  for (std::size_t index = 0; index < arrive.size(); ++index) {
    if (arrive[index] >= ends_) {
      ++too_late_;
    } else if (index % shard_.count == shard_.index) {
      agents_.push_back({.id = index + 1, .arrives = arrive[index]});
    }
  }
}

std::vector<mcp::Duration> Plan::arrivals() const {
  const auto count = static_cast<std::uint64_t>(scenario_.agents.count);
  std::vector<mcp::Duration> result(count);
  const auto& arrive = scenario_.agents.arrive;
  if (const auto* poisson = std::get_if<AtPoissonRate>(&arrive)) {
    Random gaps(scenario_.seed, 0, static_cast<std::uint64_t>(Purpose::arrival));
    const double mean = 1e9 / poisson->rate.per_second();
    std::int64_t now = 0;
    for (auto& at : result) {
      now += std::llround(gaps.exponential() * mean);
      at = std::chrono::nanoseconds(now);
    }
    return result;
  }
  for (std::uint64_t index = 0; index < count; ++index) {
    if (const auto* within = std::get_if<Within>(&arrive)) {
      const auto over = static_cast<std::uint64_t>(within->over.count());
      result[index] = mcp::Duration(static_cast<std::int64_t>(scaled(index, over, count)));
    } else if (const auto* rate = std::get_if<AtRate>(&arrive)) {
      result[index] = at_rate(index, rate->rate);
    }
  }
  return result;
}

void Plan::number_steps() {
  steps_ = {Step{.method = "connect"}};
  number(scenario_.requests);
  number(scenario_.script);
}

void Plan::number(Mix& mix) {
  for (auto& request : mix) {
    const Step step{.method = method_of(request.operation, list_of(request)),
                    .name = name_of(request)};
    const auto known = std::ranges::find(steps_, step);
    request.step = static_cast<StepId>(known - steps_.begin());
    if (known == steps_.end()) steps_.push_back(step);
  }
}

void Plan::number(Script& script) {
  for (auto& step : script) {
    if (auto* send = std::get_if<Send>(&step.action)) number(send->mix);
    if (auto* burst = std::get_if<Burst>(&step.action)) number(burst->mix);
    if (auto* repeat = std::get_if<Repeat>(&step.action)) number(repeat->steps);
  }
}

Random Plan::random(AgentId agent, Purpose purpose, std::uint64_t generation) const {
  return {scenario_.seed, agent, (generation << 8U) | static_cast<std::uint64_t>(purpose)};
}

Pacer Plan::pacer(AgentId agent) const {
  const auto agents = static_cast<std::uint64_t>(scenario_.agents.count);
  if (scenario_.spread == Spread::poisson) {
    return Pacer::poisson(timetable_, agents, random(agent, Purpose::pacing));
  }
  return Pacer::even(timetable_, agent - 1, agents);
}

}  // namespace scenarios

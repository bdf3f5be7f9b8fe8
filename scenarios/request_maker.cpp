#include "scenarios/request_maker.hpp"

#include <algorithm>

#include "mcp/schema/sampler.hpp"

namespace scenarios {
namespace {

using mcp::schema::Value;

const Value& no_arguments() {
  static const Value empty{Value::Object{}};
  return empty;
}

class Collector {
 public:
  void walk(const Mix& mix) {
    for (const auto& request : mix) {
      const auto* name = request.target.constant();
      if (!std::holds_alternative<Generated>(request.arguments) || name == nullptr) continue;
      if (std::ranges::find(tools_, name->string()) == tools_.end())
        tools_.push_back(name->string());
    }
  }
  void walk(const Script& script) {
    for (const auto& step : script) {
      if (const auto* send = std::get_if<Send>(&step.action)) walk(send->mix);
      if (const auto* burst = std::get_if<Burst>(&step.action)) walk(burst->mix);
      if (const auto* repeat = std::get_if<Repeat>(&step.action)) walk(repeat->steps);
    }
  }
  std::vector<std::string> take() { return std::move(tools_); }

 private:
  std::vector<std::string> tools_;
};

}  // namespace

mcp::Result<void> SampledArguments::learn(const std::string& tool, const Value& input_schema,
                                          std::uint64_t seed) {
  auto schema = mcp::schema::Schema::compile(input_schema);
  if (!schema) return std::unexpected(schema.error());
  mcp::schema::Sampler sampler(std::move(*schema), {.seed = seed, .steps = 50'000});
  std::vector<Value> samples;
  while (samples.size() < kept) {
    auto sample = sampler.next();
    // The first one decides; later ones may be beyond the bounds of the search.
    if (!sample && samples.empty()) return std::unexpected(sample.error());
    if (!sample) break;
    samples.push_back(std::move(*sample));
  }
  tools_[tool] = std::move(samples);
  return {};
}

const Value& SampledArguments::draw(const std::string& tool, Random& random) const {
  const auto found = tools_.find(tool);
  if (found == tools_.end()) return no_arguments();
  return found->second[random.below(found->second.size())];
}

std::vector<std::string> tools_to_sample(const Scenario& scenario) {
  Collector collector;
  collector.walk(scenario.requests);
  collector.walk(scenario.script);
  return collector.take();
}

RequestMaker::RequestMaker(const Plan& plan, AgentId agent, const SampledArguments* samples)
    : agent_(agent),
      samples_(samples),
      choice_(plan.random(agent, Purpose::choice)),
      arguments_(plan.random(agent, Purpose::arguments)),
      draws_(plan.random(agent, Purpose::samples)) {}

RequestMaker::Made RequestMaker::make(const Mix& mix) {
  const Request& request = choose(mix);
  const TemplateContext context{.agent = static_cast<std::int64_t>(agent_),
                                .iteration = iteration_};
  Made made{.request = &request, .target = request.target.fill_text(context, arguments_)};
  made.arguments = fill(request, made.target, context);
  ++iteration_;
  return made;
}

const Request& RequestMaker::choose(const Mix& mix) {
  if (mix.size() == 1) return mix.front();
  std::uint64_t total = 0;
  for (const auto& request : mix) total += request.weight;
  std::uint64_t drawn = choice_.below(total);
  for (const auto& request : mix) {
    if (drawn < request.weight) return request;
    drawn -= request.weight;
  }
  return mix.back();
}

Value RequestMaker::fill(const Request& request, const std::string& target,
                         const TemplateContext& context) {
  if (const auto* text = std::get_if<ArgumentTemplate>(&request.arguments)) {
    auto filled = text->fill(context, arguments_);
    return filled.is(mcp::schema::Type::null) ? no_arguments() : filled;
  }
  if (const auto* file = std::get_if<FromFile>(&request.arguments)) {
    if (file->values.empty()) return no_arguments();
    // Agents begin at different places, or all would send the same at the same time.
    return file->values[(agent_ + static_cast<std::uint64_t>(iteration_)) % file->values.size()];
  }
  return samples_ != nullptr ? samples_->draw(target, draws_) : no_arguments();
}

}  // namespace scenarios

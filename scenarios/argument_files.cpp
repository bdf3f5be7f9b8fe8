#include "scenarios/argument_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "mcp/base/text.hpp"

namespace scenarios {
namespace {

using mcp::schema::Type;
using mcp::schema::Value;

mcp::Result<std::vector<Value>> objects_of(const std::string& path, const std::string& text) {
  const auto refuse = [&](std::string why) {
    return mcp::fail(mcp::ErrorKind::usage, fmt::format("{}: {}", mcp::printable(path), why));
  };
  auto value = mcp::schema::parse_value(text);
  if (!value) return refuse(value.error().message);
  const auto objects = value->is(Type::array) ? value->array() : Value::Array{*value};
  const bool fit = std::ranges::all_of(objects, [](const Value& v) { return v.is(Type::object); });
  if (objects.empty() || !fit) return refuse("holds neither an object nor an array of objects");
  return objects;
}

/// Each file is read once, however many requests name it.
class ArgumentFiles {
 public:
  ArgumentFiles(const ReadOptions& options, Complaints& complaints)
      : options_(options), complaints_(complaints) {}

  void fill(Script& script) {
    for (auto& step : script) {
      if (auto* send = std::get_if<Send>(&step.action)) fill(send->mix, step.place);
      if (auto* burst = std::get_if<Burst>(&step.action)) fill(burst->mix, step.place);
      if (auto* repeat = std::get_if<Repeat>(&step.action)) fill(repeat->steps);
    }
  }
  void fill(Mix& mix, Place place) {
    for (auto& request : mix) {
      if (auto* file = std::get_if<FromFile>(&request.arguments))
        file->values = read(file->path, place);
    }
  }

 private:
  std::vector<Value> read(const std::string& path, Place place) {
    const auto [known, is_new] = files_.try_emplace(path);
    if (!is_new) return known->second;
    if (!options_.read_file) {
      complaints_.add(place, fmt::format("{} cannot be read from here", mcp::quoted(path)));
      return {};
    }
    const auto text = options_.read_file(path);
    if (!text) {
      complaints_.add(place, text.error());
      return {};
    }
    auto objects = objects_of(path, *text);
    if (objects) {
      known->second = std::move(*objects);
    } else {
      complaints_.add(place, objects.error());
    }
    return known->second;
  }

  const ReadOptions& options_;
  Complaints& complaints_;
  std::map<std::string, std::vector<Value>> files_;
};

}  // namespace

void read_argument_files(Scenario& scenario, const ReadOptions& options, Complaints& complaints) {
  ArgumentFiles files(options, complaints);
  files.fill(scenario.requests, {});
  files.fill(scenario.script);
}

}  // namespace scenarios

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "mcp/base/text.hpp"
#include "scenarios/threshold.hpp"

namespace scenarios {
namespace {

/// What may stand in the brackets after a metric's name.
enum class Brackets : std::uint8_t { none, step, latency, failure };

struct MetricName {
  std::string_view name;
  Metric metric;
  Brackets brackets;
  Unit unit;
};
constexpr std::array metrics = {
    MetricName{"p50", Metric::percentile, Brackets::latency, Unit::micros},
    MetricName{"p90", Metric::percentile, Brackets::latency, Unit::micros},
    MetricName{"p99", Metric::percentile, Brackets::latency, Unit::micros},
    MetricName{"p99.9", Metric::percentile, Brackets::latency, Unit::micros},
    MetricName{"max", Metric::max, Brackets::latency, Unit::micros},
    MetricName{"mean", Metric::mean, Brackets::latency, Unit::micros},
    MetricName{"error_rate", Metric::error_rate, Brackets::step, Unit::share},
    MetricName{"errors", Metric::errors, Brackets::failure, Unit::count},
    MetricName{"rate", Metric::rate, Brackets::none, Unit::share},
    MetricName{"sessions_lost", Metric::sessions_lost, Brackets::none, Unit::count},
    MetricName{"sessions_opened", Metric::sessions_opened, Brackets::none, Unit::count},
    MetricName{"sessions_reinitialised", Metric::sessions_reinitialised, Brackets::none,
               Unit::count},
    MetricName{"reconnects", Metric::reconnects, Brackets::none, Unit::count},
    MetricName{"connections_cut", Metric::connections_cut, Brackets::none, Unit::count},
    MetricName{"streams_cut", Metric::streams_cut, Brackets::none, Unit::count},
    MetricName{"requests", Metric::requests, Brackets::step, Unit::count},
    MetricName{"abandoned", Metric::abandoned, Brackets::step, Unit::count},
    MetricName{"not_started", Metric::not_started, Brackets::step, Unit::count},
};

struct RelationName {
  std::string_view sign;
  Relation relation;
};
// The longer ones first, so that "<=" is not read as "<".
constexpr std::array relations = {
    RelationName{"<=", Relation::at_most}, RelationName{">=", Relation::at_least},
    RelationName{"==", Relation::equal}, RelationName{"<", Relation::less},
    RelationName{">", Relation::more}};

struct DurationUnit {
  std::string_view name;
  double micros;
};
constexpr std::array duration_units = {DurationUnit{"us", 1}, DurationUnit{"µs", 1},
                                       DurationUnit{"ms", 1e3}, DurationUnit{"s", 1e6},
                                       DurationUnit{"m", 60e6}};

std::optional<double> number(std::string_view text) {
  if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;
  double value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) { threshold_.text = mcp::trim(text); }

  mcp::Result<Threshold> run() {
    for (const auto step : {&Parser::metric, &Parser::brackets, &Parser::relation, &Parser::value})
      if (auto read = (this->*step)(); !read) return std::unexpected(read.error());
    return threshold_;
  }

 private:
  std::unexpected<mcp::Error> refuse(std::size_t at, const std::string& why, std::string fix) {
    return mcp::fail(mcp::ErrorKind::usage,
                     fmt::format("threshold {}, column {}: {}", mcp::quoted(text_), at + 1, why),
                     std::move(fix));
  }
  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }
  std::string_view word(std::string_view letters) {
    const std::size_t from = at_;
    while (at_ < text_.size() && letters.find(text_[at_]) != std::string_view::npos) ++at_;
    return text_.substr(from, at_ - from);
  }

  mcp::Result<void> metric() {
    skip_blanks();
    const std::size_t from = at_;
    const auto name = word("abcdefghijklmnopqrstuvwxyz_0123456789.");
    const auto* known = std::find_if(metrics.begin(), metrics.end(),
                                     [&](const MetricName& one) { return one.name == name; });
    const auto percent = name.starts_with('p') ? number(name.substr(1)) : std::nullopt;
    if (percent && (*percent <= 0 || *percent > 100))
      return refuse(from, "a percentile lies between 0 and 100", "write p99, for example");
    if (percent) known = metrics.data();
    if (known == metrics.end()) return unknown_metric(from, name);
    name_ = *known;
    name_.name = name;
    threshold_.metric = known->metric;
    threshold_.unit = known->unit;
    threshold_.percent = percent.value_or(0);
    return {};
  }

  std::unexpected<mcp::Error> unknown_metric(std::size_t from, std::string_view name) {
    std::array<std::string_view, metrics.size()> names;
    std::transform(metrics.begin(), metrics.end(), names.begin(),
                   [](const MetricName& one) { return one.name; });
    const std::string near = name.empty() ? "" : mcp::nearest(name, names);
    const std::string fix = near.empty() ? "begin with p99, max, mean, error_rate, errors, rate, "
                                           "sessions_lost, reconnects or requests"
                                         : fmt::format("did you mean {}?", near);
    if (name.empty()) return refuse(from, "a threshold begins with what is measured", fix);
    return refuse(from, fmt::format("{} is nothing that is measured", mcp::quoted(name)), fix);
  }

  mcp::Result<void> brackets() {
    skip_blanks();
    if (at_ == text_.size() || text_[at_] != '(') return {};
    const std::size_t from = at_;
    const std::size_t end = text_.find(')', from);
    if (end == std::string_view::npos)
      return refuse(from, "the bracket is not closed", "write ) after the name");
    const auto inside = mcp::trim(text_.substr(from + 1, end - from - 1));
    at_ = end + 1;
    if (inside.empty())
      return refuse(from, "nothing is in the brackets", "leave them out to mean all requests");
    if (name_.brackets == Brackets::none)
      return refuse(from, fmt::format("{} counts for the whole run", name_.name),
                    fmt::format("write {} without brackets", name_.name));
    if (name_.brackets == Brackets::failure) return failure_class(from + 1, inside);
    threshold_.subject = inside;
    return {};
  }

  mcp::Result<void> failure_class(std::size_t from, std::string_view inside) {
    threshold_.failure = failure_named(inside);
    if (threshold_.failure) return {};
    std::array<std::string_view, failure_count> names;
    for (std::size_t at = 0; at < failure_count; ++at)
      names[at] = to_string(static_cast<Failure>(at));
    const std::string near = mcp::nearest(inside, names);
    return refuse(from, fmt::format("{} is no class of failures", mcp::quoted(inside)),
                  near.empty() ? fmt::format("write one of {}", fmt::join(names, ", "))
                               : fmt::format("did you mean {}?", near));
  }

  mcp::Result<void> relation() {
    skip_blanks();
    const auto rest = text_.substr(at_);
    for (const auto& known : relations) {
      if (!rest.starts_with(known.sign)) continue;
      threshold_.relation = known.relation;
      at_ += known.sign.size();
      return {};
    }
    if (rest.starts_with('=')) return refuse(at_, "= is no comparison", "write ==");
    return refuse(at_, "a comparison is missing", "write <, <=, ==, >= or >");
  }

  mcp::Result<void> value() {
    skip_blanks();
    const std::size_t from = at_;
    const auto digits = number(word("0123456789."));
    skip_blanks();
    const std::size_t unit_at = at_;
    const auto unit = mcp::trim(text_.substr(at_));
    if (!digits) return refuse(from, "a number is missing", fix_for_value());
    threshold_.value = *digits;
    if (take_unit(unit)) return {};
    return refuse(unit_at,
                  unit.empty() ? "the unit is missing"
                               : fmt::format("{} is no unit of {}", mcp::quoted(unit), name_.name),
                  fix_for_value());
  }

  bool take_unit(std::string_view unit) {
    double& value = threshold_.value;
    switch (threshold_.unit) {
      case Unit::micros:
        for (const auto& known : duration_units) {
          if (unit != known.name) continue;
          value *= known.micros;
          return true;
        }
        return false;
      case Unit::count:
        return unit.empty() && value == std::floor(value);
      default:
        break;
    }
    if (unit == "/s" && threshold_.metric == Metric::rate) {
      threshold_.unit = Unit::per_second;
      return true;
    }
    value /= 100;
    return unit == "%" || (unit.empty() && value == 0);
  }

  std::string fix_for_value() const {
    if (threshold_.metric == Metric::rate)
      return "write a share of the intended rate, such as 95%, or a rate, such as 950/s";
    if (threshold_.unit == Unit::micros) return "write a time with its unit, such as 250ms";
    if (threshold_.unit == Unit::share) return "write a percentage, such as 0.1%";
    return "write a whole number without a unit";
  }

  std::string_view text_;
  std::size_t at_ = 0;
  MetricName name_ = metrics[0];
  Threshold threshold_;
};

}  // namespace

mcp::Result<Threshold> parse_threshold(std::string_view text) {
  return Parser(text).run();
}

}  // namespace scenarios

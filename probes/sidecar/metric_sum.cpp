#include "probes/sidecar/metric_sum.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <memory>

#include "mcp/base/text.hpp"

namespace probes::sidecar {
namespace {

constexpr std::size_t longest_line = 64UL * 1024;

using Labels = std::vector<std::pair<std::string, std::string>>;

bool is_name_character(char each, bool first) {
  const bool letter =
      (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') || each == '_' || each == ':';
  return letter || (!first && each >= '0' && each <= '9');
}

/// Takes things off the front of a line.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}
  std::string_view rest() const { return rest_; }
  void skip_space() {
    while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\t')) {
      rest_.remove_prefix(1);
    }
  }
  bool take(char wanted) {
    if (!rest_.starts_with(wanted)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  std::string_view take_name() {
    std::size_t size = 0;
    while (size < rest_.size() && is_name_character(rest_[size], size == 0)) ++size;
    const auto name = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return name;
  }
  std::optional<std::string> take_quoted() {
    if (!take('"')) return std::nullopt;
    std::string value;
    while (!rest_.empty()) {
      if (take('"')) return value;
      const bool escaped = take('\\');
      if (rest_.empty()) break;
      value += escaped && rest_.front() == 'n' ? '\n' : rest_.front();
      rest_.remove_prefix(1);
    }
    return std::nullopt;
  }
  /// `{a="b",c="d"}`, or nothing at all.
  std::optional<Labels> take_labels() {
    Labels labels;
    if (!take('{')) return labels;
    while (true) {
      skip_space();
      if (take('}')) return labels;
      std::string name(take_name());
      skip_space();
      if (name.empty() || !take('=')) return std::nullopt;
      skip_space();
      auto value = take_quoted();
      if (!value) return std::nullopt;
      labels.emplace_back(std::move(name), std::move(*value));
      skip_space();
      if (!take(',') && !rest_.starts_with('}')) return std::nullopt;
    }
  }

 private:
  std::string_view rest_;
};

std::optional<double> number_of(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  text = text.substr(0, text.find_first_of(" \t\r"));
  double number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_whole = read.ptr == std::to_address(text.end());
  if (read.ec != std::errc{} || !is_whole || !std::isfinite(number)) return std::nullopt;
  return number;
}

}  // namespace

mcp::Result<MetricSelector> parse_metric_selector(std::string_view text) {
  Reader reader(mcp::trim(text));
  MetricSelector selector{.name = std::string(reader.take_name())};
  auto labels = reader.take_labels();
  if (selector.name.empty() || !labels || !reader.rest().empty()) {
    return mcp::fail(mcp::ErrorKind::usage, mcp::quoted(text) + " is no metric",
                     "write its name, as mcp_sessions or mcp_sessions{state=\"open\"}");
  }
  selector.labels = std::move(*labels);
  return selector;
}

void MetricSum::feed(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto end = bytes.find('\n');
    const auto part = bytes.substr(0, end);
    if (line_.size() + part.size() > longest_line) too_long_ = true;
    if (!too_long_) line_ += part;
    if (end == std::string_view::npos) return;
    bytes.remove_prefix(end + 1);
    if (!too_long_) take_line(line_);
    line_.clear();
    too_long_ = false;
  }
}

std::optional<double> MetricSum::finish() {
  if (!too_long_) take_line(line_);
  line_.clear();
  return sum_;
}

void MetricSum::take_line(std::string_view line) {
  Reader reader(line);
  reader.skip_space();
  if (reader.take_name() != selector_.name) return;
  reader.skip_space();
  const auto labels = reader.take_labels();
  if (!labels) return;
  const bool is_meant = std::ranges::all_of(selector_.labels, [&](const auto& wanted) {
    return std::ranges::find(*labels, wanted) != labels->end();
  });
  reader.skip_space();
  const auto number = number_of(reader.rest());
  if (is_meant && number) sum_ = sum_.value_or(0) + *number;
}

}  // namespace probes::sidecar

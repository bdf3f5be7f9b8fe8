#include "scenarios/histogram_log.hpp"

#include <fmt/core.h>

#include <charconv>
#include <chrono>
#include <cmath>
#include <optional>

#include "scenarios/histogram_codec.hpp"
#include "scenarios/step_name.hpp"

namespace scenarios {
namespace {

using Seconds = std::chrono::duration<double>;

double in_seconds(mcp::Duration duration) {
  return Seconds(duration).count();
}

// A comma ends a tag, a space or a line end the line.
std::string as_tag(std::string text) {
  for (char& letter : text)
    if (letter == ',' || static_cast<unsigned char>(letter) <= ' ') letter = '_';
  return text;
}

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value))
    return std::nullopt;
  return value;
}

std::optional<mcp::Duration> duration(std::string_view text) {
  const auto seconds = number(text);
  if (!seconds || *seconds < 0 || *seconds > 1e9) return std::nullopt;
  return std::chrono::microseconds(std::llround(*seconds * 1e6));
}

std::string_view next_field(std::string_view& line) {
  const std::size_t comma = line.find(',');
  const std::string_view field = line.substr(0, comma);
  line.remove_prefix(comma == std::string_view::npos ? line.size() : comma + 1);
  return field;
}

std::unexpected<mcp::Error> refuse(std::size_t line, std::string_view why) {
  return mcp::fail(mcp::ErrorKind::usage, fmt::format("line {}: {}", line, why));
}

mcp::Result<HistogramInterval> read_interval(std::string_view line, std::size_t where) {
  HistogramInterval interval;
  if (line.starts_with("Tag=")) interval.tag = next_field(line).substr(4);
  const auto from = duration(next_field(line));
  const auto length = duration(next_field(line));
  if (!from || !length) return refuse(where, "an interval begins with its start and its length");
  if (!number(next_field(line))) return refuse(where, "the interval's maximum is no number");
  auto histogram = decode_histogram(line);
  if (!histogram) return refuse(where, histogram.error().message);
  interval.from = *from;
  interval.length = *length;
  interval.histogram = std::move(*histogram);
  return interval;
}

}  // namespace

std::string write_histogram_log(const HistogramLog& log) {
  std::string text = fmt::format(
      "#[Logged with mcpctl: latencies in microseconds, Interval_Max in milliseconds]\n"
      "#[Histogram log format version 1.3]\n"
      "#[StartTime: {:.3f} (seconds since epoch)]\n"
      "#[BaseTime: {:.3f} (seconds since epoch)]\n"
      "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\","
      "\"Interval_Compressed_Histogram\"\n",
      log.start, log.start);
  for (const auto& interval : log.intervals) {
    if (!interval.tag.empty()) text += fmt::format("Tag={},", as_tag(interval.tag));
    text += fmt::format(
        "{:.3f},{:.3f},{:.3f},{}\n", in_seconds(interval.from), in_seconds(interval.length),
        static_cast<double>(interval.histogram.max()) / 1000, encode_histogram(interval.histogram));
  }
  return text;
}

mcp::Result<HistogramLog> read_histogram_log(std::string_view text) {
  HistogramLog log;
  for (std::size_t where = 1; !text.empty(); ++where) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    constexpr std::string_view start = "#[StartTime: ";
    if (line.starts_with(start)) {
      line.remove_prefix(start.size());
      const auto seconds = number(line.substr(0, line.find(' ')));
      if (!seconds) return refuse(where, "the start time is no number");
      log.start = *seconds;
      continue;
    }
    if (line.empty() || line.front() == '#' || line.front() == '"') continue;
    auto interval = read_interval(line, where);
    if (!interval) return std::unexpected(interval.error());
    log.intervals.push_back(std::move(*interval));
  }
  return log;
}

HistogramLog histogram_log_of(const Recording& recording, double start) {
  HistogramLog log{.start = start};
  const auto& timeline = recording.timeline;
  for (std::size_t index = 0; index < timeline.slots().size(); ++index)
    for (const auto& step : timeline.slots()[index].steps)
      log.intervals.push_back({.tag = step_name(recording.steps.at(step.step)),
                               .from = timeline.width() * static_cast<mcp::Duration::rep>(index),
                               .length = timeline.width(),
                               .histogram = step.latency});
  return log;
}

}  // namespace scenarios

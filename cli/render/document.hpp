#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mcp/base/time.hpp"

namespace cli {

/// The four states of monitoring systems.
enum class Level { ok, warning, critical, unknown };

enum class RowStatus { ok, notice, warning, failed, skipped };

/// One phase or check. All texts of a document are one line and safe to print.
struct Row {
  std::string name;
  RowStatus status = RowStatus::ok;
  std::optional<mcp::Duration> time;
  std::string detail;
  std::string hint;
};

struct Label {
  std::string name;
  std::string value;
};

enum class MetricKind { gauge, counter };

/// A sample in Prometheus' sense; the renderer groups those of one name.
struct Metric {
  std::string name;
  std::string help;
  std::vector<Label> labels;
  double value = 0;
  MetricKind kind = MetricKind::gauge;
};

/// A performance value in the Monitoring Plugins' sense; ranges are empty where there are none.
struct Perf {
  std::string label;
  double value = 0;
  std::string unit;
  std::string warn;
  std::string crit;
  std::string min;
  std::string max;
};

/// What a check of one target came to, in the form that all formats are made from.
struct Document {
  std::string subject;  // the target
  std::string verdict;  // one word
  Level level = Level::ok;
  std::string reason;
  std::string hint;
  std::vector<Row> phases;
  std::vector<Row> checks;
  mcp::Duration total{};
  std::vector<Metric> metrics;
  std::vector<Perf> perf;
  std::string json;  // one object, without a line feed at its end
};

}  // namespace cli

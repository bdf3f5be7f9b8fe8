#include <fmt/format.h>

#include <chrono>
#include <string>

#include "cli/render/escape.hpp"
#include "cli/render/format.hpp"

namespace cli {
namespace {

struct Counts {
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t skipped = 0;

  void add(const Row& row) {
    ++tests;
    if (row.status == RowStatus::failed) ++failures;
    if (row.status == RowStatus::skipped) ++skipped;
  }
  void add(const Counts& other) {
    tests += other.tests;
    failures += other.failures;
    skipped += other.skipped;
  }
  std::string attributes() const {
    return fmt::format(R"(tests="{}" failures="{}" errors="0" skipped="{}")", tests, failures,
                       skipped);
  }
};

std::string seconds(mcp::Duration time) {
  return fmt::format("{:.6f}", std::chrono::duration<double>(time).count());
}

std::string body_of(const Row& row, const Document& document) {
  const auto hint = row.hint.empty() ? std::string() : "\n" + row.hint;
  switch (row.status) {
    case RowStatus::failed:
      return fmt::format(R"(<failure type="{}" message="{}">{}</failure>)",
                         xml_escaped(document.verdict), xml_escaped(row.detail),
                         xml_escaped(row.detail + hint));
    case RowStatus::skipped:
      return row.detail.empty()
                 ? "<skipped/>"
                 : fmt::format(R"(<skipped message="{}"/>)", xml_escaped(row.detail));
    case RowStatus::warning:
      return fmt::format("<system-err>warning: {}</system-err>", xml_escaped(row.detail + hint));
    default:
      return row.detail.empty()
                 ? std::string()
                 : fmt::format("<system-out>{}</system-out>", xml_escaped(row.detail));
  }
}

std::string test_case(const Row& row, std::string_view group, const Document& document) {
  const auto head =
      fmt::format(R"(    <testcase classname="mcpctl.{}" name="{}" time="{}")", group,
                  xml_escaped(row.name), seconds(row.time.value_or(mcp::Duration::zero())));
  const auto body = body_of(row, document);
  if (body.empty()) return head + "/>\n";
  return head + ">\n      " + body + "\n    </testcase>\n";
}

/// A target that could not even be tried has no rows; its verdict is then the one case.
std::vector<Row> phases_of(const Document& document) {
  if (!document.phases.empty()) return document.phases;
  return {{.name = "probe",
           .status = document.level == Level::ok ? RowStatus::ok : RowStatus::failed,
           .time = document.total,
           .detail = document.reason,
           .hint = document.hint}};
}

}  // namespace

std::string render_junit(std::span<const Document> documents, const RenderStyle&) {
  Counts all;
  std::string suites;
  mcp::Duration longest{};
  for (const auto& document : documents) {
    Counts counts;
    std::string cases;
    for (const auto& row : phases_of(document)) {
      counts.add(row);
      cases += test_case(row, "phase", document);
    }
    for (const auto& row : document.checks) {
      counts.add(row);
      cases += test_case(row, "check", document);
    }
    suites += fmt::format("  <testsuite name=\"{}\" {} time=\"{}\">\n{}  </testsuite>\n",
                          xml_escaped(document.subject), counts.attributes(),
                          seconds(document.total), cases);
    all.add(counts);
    longest = std::max(longest, document.total);
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuites name=\"mcpctl\" {} time=\"{}\">\n{}</testsuites>\n",
      all.attributes(), seconds(longest), suites);
}

}  // namespace cli

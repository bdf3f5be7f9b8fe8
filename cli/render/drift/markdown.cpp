#include <fmt/format.h>

#include <string>
#include <vector>

#include "cli/render/drift/format.hpp"
#include "cli/render/drift/markdown_text.hpp"
#include "cli/render/drift/words.hpp"
#include "mcp/base/text.hpp"

namespace cli {
namespace {

using probes::drift::Change;
using probes::drift::Severity;

/// GitHub takes 65,536 characters in a comment.
constexpr std::size_t longest_comment = 65'000;
/// Kept free for what stands at the end.
constexpr std::size_t reserve = 4'000;
constexpr std::size_t longest_value = 2'000;
constexpr std::size_t value_width = 120;

/// Takes whole parts as long as they fit, and counts the ones that did not.
class Comment {
 public:
  void add(const std::string& part) { text_ += part; }
  bool add_change(const std::string& part, std::size_t room_after = 0) {
    if (text_.size() + part.size() + room_after > longest_comment - reserve) {
      ++left_out_;
      return false;
    }
    text_ += part;
    return true;
  }
  std::size_t left_out() const { return left_out_; }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::size_t left_out_ = 0;
};

std::string_view sign(const DriftDocument& document) {
  if (!document.verdict.passed) return "❌";
  return document.verdict.breaking + document.verdict.dangerous != 0 ? "⚠️" : "✅";
}

std::string headline(const DriftDocument& document) {
  const auto& verdict = document.verdict;
  const auto counts = counts_text(verdict);
  // The comment lets a workflow find its own comment and replace it.
  auto text = fmt::format("<!-- mcpctl diff -->\n### {} MCP surface: {}{}{}\n\n", sign(document),
                          verdict_word(verdict), counts.empty() ? "" : " — ", counts);
  text += fmt::format("{} → {}", markdown_code(document.older.label),
                      markdown_code(document.newer.label));
  if (const auto servers = servers_text(document); !servers.empty())
    text += fmt::format(" ({})", markdown_text(servers));
  return text + "\n";
}

std::string where(const Change& change) {
  auto text = markdown_code(item_text(change));
  if (const auto place = place_in_item(change); !place.empty())
    text += "<br>" + markdown_code(place);
  return text;
}

std::string row(const Change& change) {
  return fmt::format("| {} | {} | {}<br>{} | {} |\n",
                     change.severity == Severity::breaking ? "**breaking**" : "dangerous",
                     where(change), markdown_text(change.why), markdown_code(change.rule),
                     markdown_code(change.fingerprint));
}

std::string value_block(const Change& change) {
  const auto [before, after] = before_after(change, value_width);
  if (before.empty() && after.empty()) return {};
  std::string lines;
  if (change.before) lines += "- " + before + '\n';
  if (change.after) lines += "+ " + after + '\n';
  return markdown_fence(lines, "diff");
}

/// What does not go into a table's cell: the values and the witness.
std::string evidence(const Change& change) {
  std::string text = value_block(change);
  if (change.witness)
    text += fmt::format(
        "Witness ({}):\n\n{}", markdown_text(witness_text(*change.witness)),
        markdown_fence(mcp::excerpt(change.witness->value.text(), longest_value), "json"));
  if (text.empty()) return {};
  return fmt::format("\n**{}** {} {}\n\n{}", to_string(change.severity), where(change),
                     markdown_code(change.rule), text);
}

std::string safe_line(const Change& change) {
  return fmt::format("- {} {}: {}\n", markdown_code(change.rule), markdown_code(item_text(change)),
                     markdown_text(change.why));
}

void add_table(const std::vector<const Change*>& changes, Comment& comment) {
  if (changes.empty()) return;
  comment.add("\n| severity | where | what | fingerprint |\n| --- | --- | --- | --- |\n");
  for (const Change* each : changes)
    if (!comment.add_change(row(*each))) continue;
}

void add_evidence(const std::vector<const Change*>& changes, Comment& comment) {
  std::size_t left_out = 0;
  std::string text;
  for (const Change* each : changes) {
    const auto part = evidence(*each);
    const bool fits =
        comment.text().size() + text.size() + part.size() + 200 < longest_comment - reserve;
    if (fits) text += part;
    if (!fits) ++left_out;
  }
  if (text.empty() && left_out == 0) return;
  comment.add("\n<details open><summary>Values and witnesses</summary>\n" + text);
  if (left_out != 0)
    comment.add(fmt::format(
        "\n_The values of {} more changes are left out: a comment has a limit._\n", left_out));
  comment.add("\n</details>\n");
}

void add_list(const std::string& summary, const std::vector<std::string>& lines, Comment& comment) {
  if (lines.empty()) return;
  comment.add(fmt::format("\n<details><summary>{}: {}</summary>\n\n", summary, lines.size()));
  for (const auto& line : lines)
    if (!comment.add_change(line)) continue;
  comment.add("\n</details>\n");
}

std::string approved_line(const Change& change) {
  return fmt::format("- {} {}, until {}: {} ({})\n", markdown_code(change.rule),
                     markdown_code(item_text(change)), change.approval->expires,
                     markdown_text(change.approval->reason), markdown_code(change.fingerprint));
}

std::string footer(const DriftDocument& document) {
  std::string text = "\n";
  std::size_t told = 0;
  for (const auto& each : document.verdict.approvals) {
    if (each.state == probes::drift::ApprovalState::used || ++told > 5) continue;
    text += fmt::format("⚠️ {}.<br>\n", markdown_text(approval_text(each)));
  }
  text += fmt::format("Context of the tool list: {}.", cost_text(document.diff));
  if (document.verdict.semver) text += "<br>\n" + markdown_text(document.verdict.semver->reason);
  return text + '\n';
}

}  // namespace

std::string render_drift_markdown(const DriftDocument& document, const DriftStyle&) {
  std::vector<const Change*> bad;
  std::vector<std::string> safe;
  std::vector<std::string> approved;
  for (const Change& each : document.diff.changes) {
    if (each.approval) {
      approved.push_back(approved_line(each));
    } else if (each.severity == Severity::safe) {
      safe.push_back(safe_line(each));
    } else {
      bad.push_back(&each);
    }
  }
  Comment comment;
  comment.add(headline(document));
  add_table(bad, comment);
  add_evidence(bad, comment);
  add_list("Approved changes", approved, comment);
  add_list("Safe changes", safe, comment);
  if (comment.left_out() != 0)
    comment.add(
        fmt::format("\n_{} more changes are left out: a comment has a limit. "
                    "`mcpctl diff` shows them all._\n",
                    comment.left_out()));
  return comment.text() + footer(document);
}

}  // namespace cli

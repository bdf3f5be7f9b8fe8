#include <fmt/format.h>

#include <algorithm>
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
/// Of a change that many items have.
constexpr std::size_t most_names = 50;

/// Takes whole parts as long as they fit, and counts the ones that did not.
class Comment {
 public:
  void add(const std::string& part) { text_ += part; }
  void add_change(const std::string& part) {
    if (has_room_for(part.size())) {
      text_ += part;
    } else {
      ++left_out_;
    }
  }
  bool has_room_for(std::size_t size) const {
    return text_.size() + size <= longest_comment - reserve;
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

/// A row of the table, and what is told below it: one change, or one that several items have.
struct Entry {
  const Change* change = nullptr;
  std::string item;
  std::string why;
  std::string fingerprints;
  bool names_witness = false;  // it is that of one item among several
};

Entry entry_of(const Change& change) {
  return {.change = &change,
          .item = markdown_code(item_text(change)),
          .why = change.why,
          .fingerprints = markdown_code(change.fingerprint)};
}

Entry entry_of(const RepeatedChange& repeated) {
  auto text = fmt::format("<details><summary>{}</summary>", repeated.title);
  for (std::size_t i = 0; i < std::min(repeated.changes.size(), most_names); ++i)
    text += fmt::format("{} {}<br>", markdown_code(repeated.changes[i]->name),
                        markdown_code(repeated.changes[i]->fingerprint));
  if (repeated.changes.size() > most_names)
    text += fmt::format("… and {} more", repeated.changes.size() - most_names);
  return {.change = repeated.changes.front(),
          .item = repeated.title,
          .why = repeated.why,
          .fingerprints = text + "</details>",
          .names_witness = true};
}

std::vector<Entry> entries_of(const DriftDocument& document) {
  auto groups = grouped(document, Severity::dangerous, Grouped::not_approved);
  const auto all_repeated = take_repeated(groups);
  std::vector<Entry> entries;
  for (const auto severity : {Severity::breaking, Severity::dangerous}) {
    for (const auto& repeated : all_repeated)
      if (repeated.changes.front()->severity == severity) entries.push_back(entry_of(repeated));
    for (const auto& group : groups)
      for (const Change* each : group.changes)
        if (each->severity == severity) entries.push_back(entry_of(*each));
  }
  return entries;
}

std::string where(const Entry& entry) {
  const auto place = place_in_item(*entry.change);
  return entry.item + (place.empty() ? "" : "<br>" + markdown_code(place));
}

std::string row(const Entry& entry) {
  const bool breaking = entry.change->severity == Severity::breaking;
  return fmt::format("| {} | {} | {}<br>{} | {} |\n", breaking ? "**breaking**" : "dangerous",
                     where(entry), markdown_text(entry.why), markdown_code(entry.change->rule),
                     entry.fingerprints);
}

std::string value_block(const Change& change) {
  const auto [before, after] = before_after(change, value_width);
  std::string lines;
  if (!before.empty()) lines += "- " + before + '\n';
  if (!after.empty()) lines += "+ " + after + '\n';
  return lines.empty() ? lines : markdown_fence(lines, "diff");
}

/// What does not go into a table's cell: the values and the witness.
std::string evidence(const Entry& entry) {
  const Change& change = *entry.change;
  std::string text = value_block(change);
  if (change.witness)
    text += fmt::format(
        "Witness{} ({}):\n\n{}",
        entry.names_witness ? " for " + markdown_code(change.name) : std::string(),
        markdown_text(witness_text(*change.witness)),
        markdown_fence(mcp::excerpt(change.witness->value.text(), longest_value), "json"));
  if (text.empty()) return {};
  return fmt::format("\n**{}** {} {}\n\n{}", to_string(change.severity), where(entry),
                     markdown_code(change.rule), text);
}

std::string safe_line(const Change& change) {
  return fmt::format("- {} {}: {}\n", markdown_code(change.rule), markdown_code(item_text(change)),
                     markdown_text(change.why));
}

void add_table(const std::vector<Entry>& entries, Comment& comment) {
  if (entries.empty()) return;
  comment.add("\n| severity | where | what | fingerprint |\n| --- | --- | --- | --- |\n");
  for (const Entry& each : entries) comment.add_change(row(each));
}

void add_evidence(const std::vector<Entry>& entries, Comment& comment) {
  std::size_t left_out = 0;
  std::string text;
  for (const Entry& each : entries) {
    const auto part = evidence(each);
    const bool fits = comment.has_room_for(text.size() + part.size());
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
  for (const auto& line : lines) comment.add_change(line);
  comment.add("\n</details>\n");
}

std::string approved_line(const Change& change) {
  return fmt::format("- {} {}, until {}: {} ({})\n", markdown_code(change.rule),
                     markdown_code(item_text(change)), change.approval->expires,
                     markdown_text(change.approval->reason), markdown_code(change.fingerprint));
}

std::string footer(const DriftDocument& document) {
  std::string text = "\n";
  for (const auto& each : document.diff.notes)
    text += fmt::format("⚠️ {}<br>\n", markdown_text(each));
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
  const auto entries = entries_of(document);
  std::vector<std::string> safe;
  std::vector<std::string> approved;
  for (const Change& each : document.diff.changes) {
    if (each.approval) {
      approved.push_back(approved_line(each));
    } else if (each.severity == Severity::safe) {
      safe.push_back(safe_line(each));
    }
  }
  Comment comment;
  comment.add(headline(document));
  add_table(entries, comment);
  add_evidence(entries, comment);
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

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <string>

#include "cli/render/drift/format.hpp"
#include "cli/render/drift/words.hpp"
#include "cli/text_table.hpp"
#include "mcp/base/text.hpp"
#include "mcp/schema/value.hpp"

namespace cli {
namespace {

using probes::drift::Change;
using probes::drift::Severity;

constexpr std::size_t width_of_a_file = 100;
constexpr std::size_t narrowest = 40;
constexpr std::size_t label_width = 10;
/// Of a change that many items have.
constexpr std::size_t most_names = 12;

enum class Ink { red, yellow, green, dim, bold };

class TextRenderer {
 public:
  TextRenderer(const DriftDocument& document, const DriftStyle& style)
      : document_(document),
        style_(style),
        width_(style.width == 0 ? width_of_a_file : std::max(style.width, narrowest)) {}

  std::string render();

 private:
  std::string paint(const std::string& text, Ink ink) const;
  std::string headline() const;
  std::string body() const;
  std::string group(const DriftGroup& group) const;
  std::string repeated(const RepeatedChange& repeated) const;
  /// Severity, rule and place; the sentence; the values; the witness.
  std::string change(const Change& change, const std::string& why, const std::string& fingerprint,
                     const std::string& witness_word = "witness") const;
  std::string values(const Change& change) const;
  std::string safe_line() const;
  std::string footer() const;
  /// A line of the footer: a word, and what it is about, wrapped beside it.
  std::string about(std::string_view word, const std::string& text) const;
  std::string wrapped(const std::string& text, std::size_t indent) const;

  const DriftDocument& document_;
  const DriftStyle& style_;
  std::size_t width_;
};

Ink ink_of(Severity severity) {
  if (severity == Severity::breaking) return Ink::red;
  return severity == Severity::dangerous ? Ink::yellow : Ink::green;
}

std::string upper(std::string_view text) {
  std::string result(text);
  for (auto& letter : result)
    if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
  return result;
}

std::string TextRenderer::paint(const std::string& text, Ink ink) const {
  if (style_.colour == Colour::none || text.empty()) return text;
  const auto* code = ink == Ink::red      ? "1;31"
                     : ink == Ink::yellow ? "1;33"
                     : ink == Ink::green  ? "1;32"
                     : ink == Ink::dim    ? "2"
                                          : "1";
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

std::string TextRenderer::wrapped(const std::string& text, std::size_t indent) const {
  const auto room = std::max(width_ - std::min(width_, indent), narrowest / 2);
  std::string result;
  std::size_t used = 0;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const auto length = display_width(word);
    if (used != 0 && used + 1 + length > room) {
      result += '\n' + std::string(indent, ' ');
      used = 0;
    } else if (used != 0) {
      result += ' ';
      ++used;
    }
    result += word;
    used += length;
  }
  return result;
}

std::string TextRenderer::about(std::string_view word, const std::string& text) const {
  const auto indent = label_width;
  return fmt::format("{:<{}}{}\n", word, indent, wrapped(text, indent));
}

std::string TextRenderer::headline() const {
  const auto& verdict = document_.verdict;
  auto word = upper(verdict_word(verdict));
  // A breaking change that fails is what everybody expects.
  if (!verdict.passed && verdict.breaking == 0) word += ", and that fails here";
  const auto ink = !verdict.passed ? Ink::red : verdict.breaking != 0 ? Ink::yellow : Ink::green;
  const auto counts = counts_text(verdict);
  auto line = paint(word, ink) + (counts.empty() ? "" : ": " + counts);
  line += " · " + labels_text(document_) + '\n';
  if (const auto servers = servers_text(document_); !servers.empty()) line += servers + '\n';
  return line;
}

std::string TextRenderer::values(const Change& change) const {
  constexpr std::size_t indent = 6;
  const auto [before, after] = before_after(change, width_ - indent);
  const bool one_line = change.before && change.after &&
                        display_width(before) + display_width(after) + indent + 3 <= width_;
  std::string text;
  if (one_line && !(before.empty() && after.empty()))
    return fmt::format("    {} → {}\n", before, after);
  if (!before.empty()) text += fmt::format("    - {}\n", before);
  if (!after.empty()) text += fmt::format("    + {}\n", after);
  return text;
}

std::string TextRenderer::change(const Change& change, const std::string& why,
                                 const std::string& fingerprint,
                                 const std::string& witness_word) const {
  auto text = fmt::format(
      "  {} {}", paint(fmt::format("{:<9}", to_string(change.severity)), ink_of(change.severity)),
      change.rule);
  if (const auto place = place_in_item(change); !place.empty()) text += "  " + place;
  if (!fingerprint.empty()) text += "  " + paint(fingerprint, Ink::dim);
  text += "\n    " + wrapped(mcp::printable(why), 4) + '\n' + values(change);
  if (!change.witness) return text;
  const auto value = fitted(mcp::printable(change.witness->value.text()), 4 * width_);
  return text + fmt::format("    {} {}\n            {}\n", paint(witness_word, Ink::bold), value,
                            wrapped(witness_text(*change.witness), 12));
}

std::string TextRenderer::group(const DriftGroup& group) const {
  auto text = '\n' + paint(group.title, Ink::bold) + '\n';
  for (const Change* each : group.changes) text += change(*each, each->why, each->fingerprint);
  return text;
}

std::string TextRenderer::repeated(const RepeatedChange& repeated) const {
  const Change& first = *repeated.changes.front();
  // Each of the items has a witness of its own.
  const auto witness_word = "witness for " + mcp::excerpt(first.name, 200);
  auto text = '\n' + paint(repeated.title, Ink::bold) + '\n' +
              change(first, repeated.why, {}, witness_word);
  for (std::size_t i = 0; i < repeated.changes.size(); ++i) {
    if (i == most_names)
      return text + fmt::format("    … and {} more (--all lists them)\n",
                                repeated.changes.size() - most_names);
    const Change& each = *repeated.changes[i];
    text +=
        fmt::format("    {} {}\n", paint(each.fingerprint, Ink::dim), mcp::excerpt(each.name, 200));
  }
  return text;
}

/// Worst first; what is the same for several items comes before the items.
std::string TextRenderer::body() const {
  const bool all = style_.safe == SafeChanges::listed;
  auto groups =
      grouped(document_, all ? Severity::safe : Severity::dangerous, Grouped::not_approved);
  const auto all_repeated = all ? std::vector<RepeatedChange>() : take_repeated(groups);
  std::string text;
  for (const auto severity : {Severity::breaking, Severity::dangerous, Severity::safe}) {
    for (const auto& each : all_repeated)
      if (each.changes.front()->severity == severity) text += repeated(each);
    for (const auto& each : groups)
      if (each.changes.front()->severity == severity) text += group(each);
  }
  return text;
}

std::string TextRenderer::safe_line() const {
  if (style_.safe == SafeChanges::listed || document_.verdict.safe == 0) return {};
  std::map<std::string, std::size_t> by_rule;
  for (const Change& each : document_.diff.changes)
    if (each.severity == Severity::safe && !each.approval) ++by_rule[each.rule];
  std::string text;
  for (const auto& [rule, count] : by_rule)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, rule);
  return about("safe", text + " (--all lists them)");
}

std::string TextRenderer::footer() const {
  auto text = safe_line();
  for (const auto& each : document_.diff.notes) text += about("note", each);
  for (const Change& each : document_.diff.changes) {
    if (each.approval)
      text +=
          about("approved", fmt::format("{} of {} ({}), until {}: {}", each.rule, item_text(each),
                                        each.fingerprint, each.approval->expires,
                                        mcp::printable(each.approval->reason)));
  }
  for (const auto& each : document_.verdict.approvals) {
    if (each.state != probes::drift::ApprovalState::used)
      text += about("note", approval_text(each));
  }
  text += about("context", cost_text(document_.diff));
  if (document_.verdict.semver) text += about("version", document_.verdict.semver->reason);
  return text;
}

std::string TextRenderer::render() {
  auto text = headline();
  text += body();
  const bool is_empty = document_.diff.changes.empty() && document_.diff.notes.empty() &&
                        document_.verdict.approvals.empty() && !document_.verdict.semver;
  return is_empty ? text.substr(0, text.find('\n') + 1) : text + '\n' + footer();
}

}  // namespace

std::string render_drift_text(const DriftDocument& document, const DriftStyle& style) {
  return TextRenderer(document, style).render();
}

}  // namespace cli

#include <fmt/format.h>

#include "probes/drift/changes.hpp"

namespace probes::drift {
namespace {

using mcp::schema::child_pointer;

/// A hint of ToolAnnotations with the default that the specification gives it (2025-03-26 and
/// later, schema), and what follows when its effective value becomes true or false.
struct Hint {
  std::string_view name;
  bool by_default;
  bool only_when_writing;  // it means nothing for a tool that only reads
  std::string_view on_true;
  std::string_view becomes_true;
  std::string_view on_false;
  std::string_view becomes_false;
};

constexpr Hint hints[] = {
    {"readOnlyHint", false, false, "read-only-hint-gained",
     "now claims to change nothing, and a client that runs such tools without asking stops asking",
     "read-only-hint-lost",
     "no longer claims to change nothing, and a client that was told so may run it without asking"},
    {"destructiveHint", true, true, "destructive-hint-gained",
     "may now destroy what is there, where it was said only to add", "destructive-hint-lost",
     "is now said only to add, so clients lower their guard"},
    {"idempotentHint", false, true, "idempotent-hint-gained",
     "is now said to have no further effect when it is called again, so clients may retry it",
     "idempotent-hint-lost",
     "may now act again when it is called again, and clients that retry it do things twice"},
    {"openWorldHint", true, false, "open-world-hint-gained",
     "may now deal with the outside world, where it was said to stay in its own domain",
     "open-world-hint-lost",
     "is now said to stay in its own domain, so clients may trust its results more"},
};

bool effective(const Value* annotations, const Hint& hint) {
  return boolean_in(annotations, hint.name).value_or(hint.by_default);
}

bool reads_only(const Value* annotations) {
  return boolean_in(annotations, "readOnlyHint").value_or(false);
}

std::string stated(const Value* annotations, const Hint& hint) {
  const auto value = boolean_in(annotations, hint.name);
  if (!value) return fmt::format("absent, which means {}", hint.by_default);
  return *value ? "true" : "false";
}

/// Hints that mean what they meant, but are stated on one side and left out on the other.
class Defaults {
 public:
  void add(const Hint& hint, const Edit& annotations) {
    const Value* before = boolean_value(annotations.before, hint);
    const Value* after = boolean_value(annotations.after, hint);
    if ((before == nullptr) == (after == nullptr)) return;
    auto& names = after == nullptr ? left_out_ : stated_;
    names.push_back(fmt::format("{} {}", hint.name, hint.by_default));
    if (before != nullptr) before_.emplace(hint.name, *before);
    if (after != nullptr) after_.emplace(hint.name, *after);
  }

  void tell(const Reporter& report, const std::string& pointer) const {
    if (stated_.empty() && left_out_.empty()) return;
    std::string what;
    if (!stated_.empty()) what = fmt::format("now states {}", fmt::join(stated_, " and "));
    if (!left_out_.empty()) {
      what += fmt::format("{}no longer states {}", what.empty() ? "" : " and ",
                          fmt::join(left_out_, " and "));
    }
    const Value before(before_);
    const Value after(after_);
    report.add("annotation-default-made-explicit", pointer,
               fmt::format("{} {}, which is what the specification takes for granted.",
                           report.subject(), what),
               {&before, &after});
  }

 private:
  static const Value* boolean_value(const Value* annotations, const Hint& hint) {
    return boolean_in(annotations, hint.name) ? annotations->find(hint.name) : nullptr;
  }

  std::vector<std::string> stated_;
  std::vector<std::string> left_out_;
  Value::Object before_;
  Value::Object after_;
};

void compare_hint(const Reporter& report, const Edit& annotations, const std::string& pointer,
                  const Hint& hint) {
  const bool before = effective(annotations.before, hint);
  const bool after = effective(annotations.after, hint);
  if (before == after) return;
  if (hint.only_when_writing && (reads_only(annotations.before) || reads_only(annotations.after))) {
    return;
  }
  report.add(after ? hint.on_true : hint.on_false, child_pointer(pointer, hint.name),
             fmt::format("{} {} ({} was {} and is {}).", report.subject(),
                         after ? hint.becomes_true : hint.becomes_false, hint.name,
                         stated(annotations.before, hint), stated(annotations.after, hint)),
             member(annotations, hint.name));
}

}  // namespace

void compare_annotations(const Snapshot& older, const Snapshot& newer,
                         const DiffOptions& /*options*/, std::vector<Change>& changes) {
  for (const auto& pair : common_items(older, newer, tool_kind)) {
    const Reporter report(changes, tool_kind.noun, pair.name);
    const auto annotations = member(pair.item, "annotations");
    const auto pointer = child_pointer(pair.pointer, "annotations");
    Defaults defaults;
    for (const Hint& hint : hints) {
      compare_hint(report, annotations, pointer, hint);
      if (effective(annotations.before, hint) == effective(annotations.after, hint)) {
        defaults.add(hint, annotations);
      }
    }
    defaults.tell(report, pointer);
    compare_title(report, annotations, pointer, "tool-title-changed");
  }
}

}  // namespace probes::drift

#include <fmt/format.h>

#include <map>

#include "probes/drift/changes.hpp"

namespace probes::drift {
namespace {

using mcp::schema::child_pointer;

/// The arguments by name, each with its place in the list; the first of a name counts.
struct Argument {
  const Value* value;
  std::size_t index;
  bool required;
};
using Arguments = std::map<std::string, Argument>;

Arguments arguments_of(const Value* prompt) {
  Arguments found;
  std::size_t index = 0;
  for (const Value& each : array_or_empty(prompt->find("arguments"))) {
    if (const auto* name = string_in(&each, "name")) {
      found.emplace(*name, Argument{&each, index, boolean_in(&each, "required").value_or(false)});
    }
    ++index;
  }
  return found;
}

class PromptArguments {
 public:
  PromptArguments(const ItemPair& pair, const Reporter& report)
      : report_(report),
        pointer_(child_pointer(pair.pointer, "arguments")),
        before_(arguments_of(pair.item.before)),
        after_(arguments_of(pair.item.after)) {}

  void compare() const {
    for (const auto& [name, argument] : before_) {
      const auto found = after_.find(name);
      if (found == after_.end()) {
        removed(name, argument);
      } else {
        compare_argument(name, argument, found->second);
      }
    }
    for (const auto& [name, argument] : after_) {
      if (!before_.contains(name)) added(name, argument);
    }
    compare_order();
  }

 private:
  std::string where(const Argument& argument) const {
    return child_pointer(pointer_, std::to_string(argument.index));
  }

  void removed(const std::string& name, const Argument& argument) const {
    report_.add("prompt-argument-removed", where(argument),
                fmt::format("{} no longer takes the argument {}: what clients still send in it is "
                            "ignored or refused.",
                            report_.subject(), shown(name)),
                {argument.value, nullptr});
  }

  void added(const std::string& name, const Argument& argument) const {
    if (argument.required) {
      report_.add("prompt-required-argument-added", where(argument),
                  fmt::format("{} now requires the argument {}, so a client that does not know it "
                              "gets an error.",
                              report_.subject(), shown(name)),
                  {nullptr, argument.value});
    } else {
      report_.add("prompt-optional-argument-added", where(argument),
                  fmt::format("{} now takes the optional argument {} as well.", report_.subject(),
                              shown(name)),
                  {nullptr, argument.value});
    }
  }

  void compare_argument(const std::string& name, const Argument& before,
                        const Argument& after) const {
    const Edit edit{before.value, after.value};
    const auto pointer = where(after);
    if (!before.required && after.required) {
      report_.add(
          "prompt-argument-became-required", child_pointer(pointer, "required"),
          fmt::format("{} now requires the argument {}, so a client that leaves it out gets "
                      "an error.",
                      report_.subject(), shown(name)),
          member(edit, "required"));
    } else if (before.required && !after.required) {
      report_.add(
          "prompt-argument-became-optional", child_pointer(pointer, "required"),
          fmt::format("{} can now do without the argument {}.", report_.subject(), shown(name)),
          member(edit, "required"));
    }
    const auto text = member(edit, "description");
    if (text.differs()) {
      report_.add(
          "prompt-argument-description-changed", child_pointer(pointer, "description"),
          fmt::format("The description of the argument {} of {} was {} and is {}; a model "
                      "that fills the argument in reads it.",
                      shown(name), report_.mention(), shown(text.before), shown(text.after)),
          text);
    }
    compare_title(report_, edit, pointer, "prompt-title-changed");
  }

  void compare_order() const {
    std::size_t last = 0;
    for (const auto& name : in_order(before_)) {
      const auto found = after_.find(name);
      if (found == after_.end()) continue;
      if (found->second.index < last) {
        report_.add("prompt-argument-order-changed", pointer_,
                    fmt::format("The arguments of {} come in another order, which shows in forms; "
                                "they are sent by name.",
                                report_.mention()));
        return;
      }
      last = found->second.index;
    }
  }

  static std::vector<std::string> in_order(const Arguments& arguments) {
    std::map<std::size_t, std::string> by_index;
    for (const auto& [name, argument] : arguments) by_index.emplace(argument.index, name);
    std::vector<std::string> names;
    names.reserve(by_index.size());
    for (auto& [index, name] : by_index) names.push_back(std::move(name));
    return names;
  }

  const Reporter& report_;
  std::string pointer_;
  Arguments before_;
  Arguments after_;
};

}  // namespace

void compare_prompts(const Snapshot& older, const Snapshot& newer, const DiffOptions& /*options*/,
                     std::vector<Change>& changes) {
  for (const auto& name : only_in(older, newer, prompt_kind)) {
    const Reporter report(changes, prompt_kind.noun, name);
    report.add(
        "prompt-removed", item_pointer(prompt_kind, name),
        fmt::format("{} is gone, so clients that ask for it get an error.", report.subject()));
  }
  for (const auto& name : only_in(newer, older, prompt_kind)) {
    const Reporter report(changes, prompt_kind.noun, name);
    report.add("prompt-added", item_pointer(prompt_kind, name),
               fmt::format("{} is new.", report.subject()));
  }
  for (const auto& pair : common_items(older, newer, prompt_kind)) {
    const Reporter report(changes, prompt_kind.noun, pair.name);
    compare_title(report, pair.item, pair.pointer, "prompt-title-changed");
    compare_description(report, pair.item, pair.pointer, "prompt-description-changed");
    compare_icons(report, pair.item, pair.pointer);
    compare_meta(report, pair.item, pair.pointer, "meta-changed");
    if (member(pair.item, "arguments").differs()) PromptArguments(pair, report).compare();
  }
}

}  // namespace probes::drift

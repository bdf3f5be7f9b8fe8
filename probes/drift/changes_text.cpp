#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "mcp/base/text.hpp"
#include "probes/drift/changes.hpp"
#include "probes/drift/hidden_text.hpp"
#include "probes/drift/suspicious_text.hpp"

namespace probes::drift {
namespace {

using mcp::schema::child_pointer;
using mcp::schema::Type;

/// Everything that a model may read: names of members too, since a schema's properties are called
/// so. Borrowed.
enum class Part { name, value };
using Texts = std::map<std::pair<std::string, Part>, std::string_view>;

void collect(const Value& value, const std::string& pointer, Texts& texts) {
  if (value.is(Type::string)) texts.emplace(std::pair(pointer, Part::value), value.string());
  if (value.is(Type::array)) {
    std::size_t index = 0;
    for (const Value& each : value.array()) {
      collect(each, child_pointer(pointer, std::to_string(index++)), texts);
    }
  }
  for (const auto& [name, each] : object_or_empty(&value)) {
    const auto where = child_pointer(pointer, name);
    texts.emplace(std::pair(where, Part::name), name);
    collect(each, where, texts);
  }
}

/// Hosts draw icons and read _meta; models see neither.
bool is_for_models(std::string_view member) {
  return member != "icons" && member != "_meta";
}

Texts texts_of(const Value* item, const std::string& pointer) {
  Texts texts;
  if (item != nullptr && item->is(Type::string)) collect(*item, pointer, texts);
  for (const auto& [name, each] : object_or_empty(item)) {
    if (is_for_models(name)) collect(each, child_pointer(pointer, name), texts);
  }
  return texts;
}

/// Identifiers that are written like web addresses, and an address for people.
bool is_prose(std::string_view pointer) {
  constexpr std::string_view names[] = {"/$schema", "/$id", "/id", "/$ref", "/websiteUrl", "/uri"};
  return std::ranges::none_of(names, [&](auto name) { return pointer.ends_with(name); });
}

std::string described(const std::vector<HiddenCharacter>& characters) {
  constexpr std::size_t most = 3;
  std::string out;
  for (std::size_t index = 0; index < std::min(characters.size(), most); ++index) {
    const auto& each = characters[index];
    out += fmt::format("{}U+{:04X} ({}) at character {}", index == 0 ? "" : ", ",
                       static_cast<std::uint32_t>(each.value), each.what, each.position);
  }
  if (characters.size() > most) out += fmt::format(" and {} more", characters.size() - most);
  return out;
}

/// One item, or the instructions: its texts before and now.
class TextPair {
 public:
  TextPair(std::vector<Change>& changes, std::string_view kind, std::string_view name,
           const std::string& pointer, const Edit& item, const std::set<std::string>& known_hosts)
      : report_(changes, kind, name),
        base_(pointer),
        before_(texts_of(item.before, pointer)),
        after_(texts_of(item.after, pointer)),
        known_hosts_(known_hosts) {
    for (const auto& [where, text] : before_) known_.insert(text);
  }

  void compare() const {
    for (const auto& [where, text] : after_) {
      // A text that only moved is not new.
      if (known_.contains(text)) continue;
      const auto found = before_.find(where);
      const auto old_text = found == before_.end() ? std::string_view() : found->second;
      compare_hidden(where.first, old_text, text);
      compare_suspicions(where.first, old_text, text);
    }
  }

 private:
  std::string place(const std::string& pointer) const {
    constexpr std::size_t longest = 120;
    // The instructions are a text of their own, as is an item that is no object.
    const auto from = pointer == base_ ? base_.rfind('/') : base_.size();
    return fmt::format("the {} of {}", mcp::excerpt(pointer.substr(from + 1), longest),
                       report_.mention());
  }

  void compare_hidden(const std::string& pointer, std::string_view old_text,
                      std::string_view text) const {
    std::set<char32_t> old_values;
    for (const auto& each : hidden_characters(old_text)) old_values.insert(each.value);
    auto fresh = hidden_characters(text);
    std::erase_if(fresh, [&](const auto& each) { return old_values.contains(each.value); });
    if (fresh.empty()) return;
    const auto message = tag_message(text);
    const Value value{std::string(text)};
    report_.add("text-hidden-characters", pointer,
                fmt::format("New in {}: {}, which people do not see and models read{}.",
                            place(pointer), described(fresh),
                            message.empty() ? "" : "; its tag characters spell " + shown(message)),
                {nullptr, &value});
  }

  void compare_suspicions(const std::string& pointer, std::string_view old_text,
                          std::string_view text) const {
    const auto old_ones = suspicions(old_text);
    std::vector<std::string> reasons;
    for (const auto& each : suspicions(text)) {
      if (std::ranges::find(old_ones, each) != old_ones.end()) continue;
      reasons.push_back(fmt::format("{} ({})", each.what, shown(each.found)));
    }
    for (const auto& host : is_prose(pointer) ? hosts(text) : std::set<std::string>()) {
      if (known_hosts_.contains(host)) continue;
      reasons.push_back(fmt::format("an address at {}, which no text named before", shown(host)));
    }
    if (reasons.empty()) return;
    constexpr std::size_t most = 3;
    const auto count = reasons.size();
    if (count > most) reasons.resize(most);
    const Value value{std::string(text)};
    report_.add("text-injection-pattern", pointer,
                fmt::format("New in {}: {}{}; read it before a model does.", place(pointer),
                            fmt::join(reasons, ", "),
                            count > most ? fmt::format(" and {} more", count - most) : ""),
                {nullptr, &value});
  }

  Reporter report_;
  std::string base_;
  Texts before_;
  Texts after_;
  std::set<std::string_view> known_;
  const std::set<std::string>& known_hosts_;
};

/// Every host that some text of the older surface names, and those that the server calls its own.
std::set<std::string> hosts_of(const Snapshot& snapshot) {
  std::set<std::string> known;
  const auto add = [&](const Value* item) {
    for (const auto& [where, text] : texts_of(item, "")) known.merge(hosts(text));
  };
  for (const auto& kind : item_kinds) {
    for (const auto& [name, item] : snapshot.items(kind)) add(&item);
  }
  for (const std::string_view part : {"instructions", "serverInfo"}) {
    add(snapshot.document().find(part));
  }
  return known;
}

}  // namespace

void compare_texts(const Snapshot& older, const Snapshot& newer, const DiffOptions& /*options*/,
                   std::vector<Change>& changes) {
  const auto known_hosts = hosts_of(older);
  for (const auto& kind : item_kinds) {
    const auto& before = older.items(kind);
    for (const auto& [name, item] : newer.items(kind)) {
      const auto found = before.find(name);
      const Edit edit{found == before.end() ? nullptr : &found->second, &item};
      if (!edit.differs()) continue;
      TextPair(changes, kind.noun, name, item_pointer(kind, name), edit, known_hosts).compare();
    }
  }
  const auto both = documents(older, newer);
  for (const std::string_view part : {"instructions", "serverInfo"}) {
    const auto edit = member(both, part);
    if (!edit.differs()) continue;
    TextPair(changes, "server", "", child_pointer("", part), edit, known_hosts).compare();
  }
}

}  // namespace probes::drift

#include "probes/drift/schema_annotations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "probes/drift/schema_keywords.hpp"

namespace probes::drift {

using mcp::schema::Type;
using mcp::schema::Value;

namespace {

struct Annotation {
  std::string_view keyword;
  std::string_view input_rule;
  std::string_view output_rule;
  /// After "The title of X was changed".
  std::string_view follows;
};

constexpr std::array annotations = {
    Annotation{"$comment", "comment-changed", "comment-changed", "it has no effect"},
    Annotation{"$id", "schema-id-changed", "schema-id-changed", "it only names the schema"},
    Annotation{"contentEncoding", "content-encoding-changed", "content-encoding-changed",
               "the bytes within the text are written in another way"},
    Annotation{"contentMediaType", "content-media-type-changed", "content-media-type-changed",
               "the text holds another kind of content"},
    Annotation{"default", "input-default-changed", "output-default-changed", ""},
    Annotation{"deprecated", "property-deprecated", "property-deprecated", ""},
    Annotation{"description", "property-description-changed", "property-description-changed",
               "models read it and may act in another way"},
    Annotation{"examples", "examples-changed", "examples-changed", "they only explain"},
    Annotation{"format", "input-format-changed", "output-format-changed", ""},
    Annotation{"readOnly", "read-only-changed", "read-only-changed", "some clients act on it"},
    Annotation{"title", "property-title-changed", "property-title-changed",
               "people read it, and nothing depends on it"},
    Annotation{"writeOnly", "write-only-changed", "write-only-changed", "some clients act on it"},
};

struct Found {
  const Value* value = nullptr;
  std::string pointer;
};

Found find(std::span<const Spot> chain, std::string_view keyword) {
  for (const auto& spot : chain) {
    if (const auto* value = spot.value->find(keyword)) {
      return {value, pointer_of(spot.path / keyword)};
    }
  }
  return {};
}

std::set<std::string_view> annotated(std::span<const Spot> chain) {
  std::set<std::string_view> out;
  for (const auto& spot : chain) {
    if (!spot.value->is(Type::object)) continue;
    for (const auto& [name, value] : spot.value->object()) {
      if (is_annotation(name)) out.insert(name);
    }
  }
  return out;
}

std::string verb(const Found& before, const Found& after) {
  return before.value == nullptr ? "added" : after.value == nullptr ? "removed" : "changed";
}

bool is_true(const Value* value) {
  return value != nullptr && value->is(Type::boolean) && value->boolean();
}

void tell_default(AnnotationChange& change, const SchemaPlace& place, Direction direction) {
  const auto noun = place.noun();
  if (direction == Direction::output) {
    change.why =
        fmt::format("The default of {} was changed, which has no effect on what comes.", noun);
  } else if (!change.before) {
    change.rule = "input-default-added";
    change.why = fmt::format("{} now has the default {}, which tells what leaving it out means.",
                             place.subject(), shown(*change.after));
  } else if (!change.after) {
    change.rule = "input-default-removed";
    change.why = fmt::format(
        "{} no longer has the default {}; calls that leave it out may behave in "
        "another way.",
        place.subject(), shown(*change.before));
  } else {
    change.why = fmt::format(
        "The default of {} is now {} (before: {}); calls that leave it out have "
        "another effect.",
        noun, shown(*change.after), shown(*change.before));
  }
}

void tell_format(AnnotationChange& change, const SchemaPlace& place, Direction direction) {
  const auto* who = direction == Direction::input
                        ? "a server that checks formats refuses other calls"
                        : "a client that checks formats rejects other results";
  const auto was =
      change.before ? fmt::format(" (before: {})", shown(*change.before)) : std::string();
  change.why = change.after ? fmt::format("{} now has the format {}{}; {} than before.",
                                          place.subject(), shown(*change.after), was, who)
                            : fmt::format("{} no longer has the format {}; {} than before.",
                                          place.subject(), shown(*change.before), who);
}

/// False where the two values mean the same.
bool tell(AnnotationChange& change, const Annotation& annotation, const Found& before,
          const Found& after, const SchemaPlace& place, Direction direction) {
  if (annotation.keyword == "default") {
    tell_default(change, place, direction);
  } else if (annotation.keyword == "format") {
    tell_format(change, place, direction);
  } else if (annotation.keyword == "deprecated") {
    if (is_true(before.value) == is_true(after.value)) return false;
    const bool now = is_true(after.value);
    if (!now) change.rule = "property-undeprecated";
    change.why =
        fmt::format("{} {}.", place.subject(),
                    now ? "is now deprecated and may go away later" : "is no longer deprecated");
  } else {
    change.why = fmt::format("The {} of {} {} {}; {}.", annotation.keyword, place.noun(),
                             annotation.keyword == "examples" ? "were" : "was", verb(before, after),
                             annotation.follows);
  }
  return true;
}

}  // namespace

void compare_annotations(std::span<const Spot> older, std::span<const Spot> newer,
                         const SchemaPlace& place, Direction direction,
                         std::vector<AnnotationChange>& changes) {
  auto names = annotated(older);
  names.merge(annotated(newer));
  for (const auto name : names) {
    const auto before = find(older, name);
    const auto after = find(newer, name);
    if (before.value != nullptr && after.value != nullptr && *before.value == *after.value)
      continue;
    AnnotationChange change;
    change.pointer = after.value != nullptr ? after.pointer : before.pointer;
    if (before.value != nullptr) change.before = *before.value;
    if (after.value != nullptr) change.after = *after.value;
    const auto* known = std::ranges::find(annotations, name, &Annotation::keyword);
    if (known == annotations.end()) {
      change.rule = "unknown-keyword-changed";
      change.why = fmt::format("The keyword {} of {} was {}; JSON Schema gives it no meaning.",
                               shown_name(name), place.noun(), verb(before, after));
    } else {
      change.rule = direction == Direction::input ? known->input_rule : known->output_rule;
      if (!tell(change, *known, before, after, place, direction)) continue;
    }
    changes.push_back(std::move(change));
  }
}

}  // namespace probes::drift

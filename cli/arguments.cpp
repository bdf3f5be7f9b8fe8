#include "cli/arguments.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/file.hpp"
#include "mcp/base/text.hpp"

namespace cli {
namespace {

using nlohmann::json;

std::unexpected<mcp::Error> refuse(std::string message, std::string hint = {}) {
  return mcp::fail(mcp::ErrorKind::usage, std::move(message), std::move(hint));
}

std::optional<json> parsed(const std::string& text) {
  json value = json::parse(text, nullptr, false);
  if (value.is_discarded()) return std::nullopt;
  return value;
}

/// The text as one JSON type; none where it cannot be read as that.
std::optional<json> read_as(const std::string& type, const std::string& text) {
  if (type == "string") return json(text);
  auto value = parsed(text);
  if (!value) return std::nullopt;
  const bool fits = (type == "integer" && value->is_number_integer()) ||
                    (type == "number" && value->is_number()) ||
                    (type == "boolean" && value->is_boolean()) ||
                    (type == "object" && value->is_object()) ||
                    (type == "array" && value->is_array()) || (type == "null" && value->is_null());
  if (fits) return value;
  // 3.0 and 1e3 are integers to JSON Schema (2020-12 validation, section 6.1.1).
  if (type == "integer" && value->is_number_float()) {
    const double number = value->get<double>();
    const auto whole = static_cast<std::int64_t>(number);
    if (static_cast<double>(whole) == number && std::abs(number) < 9e15) return json(whole);
  }
  return std::nullopt;
}

bool allows(const SchemaOutline& schema, const std::string& type) {
  return schema.types().contains(type);
}

/// a.b=… walks down objects; a property that has a dot in its own name comes first.
std::vector<std::string> path_of(const std::string& key, const SchemaOutline& schema) {
  if (schema.has_property(key)) return {key};
  std::vector<std::string> path;
  std::size_t start = 0;
  for (auto dot = key.find('.'); dot != std::string::npos; dot = key.find('.', start)) {
    path.push_back(key.substr(start, dot - start));
    start = dot + 1;
  }
  path.push_back(key.substr(start));
  return path;
}

std::string hint_for(const std::string& name, const SchemaOutline& schema) {
  const auto names = schema.properties();
  if (const auto near = mcp::nearest(name, names); !near.empty()) {
    return fmt::format("did you mean {}? ({}:=JSON sends it anyway)", mcp::printable(near),
                       mcp::printable(name));
  }
  if (names.empty()) return "it takes none";
  return "it takes: " + usage_of(schema);
}

/// Where the words put their values; remembers which places they made arrays of.
class Assignment {
 public:
  Assignment(const ArgumentWord& word, const SchemaOutline& schema)
      : word_(word), schema_(schema), path_(path_of(word.key, schema)) {}

  mcp::Result<void> apply(json& arguments, std::vector<std::string>& given) {
    json* place = &arguments;
    for (const std::string& name : path_) {
      if (auto known = check_known(name, place != &arguments); !known) return known;
      if (place->is_null()) *place = json::object();
      if (!place->is_object()) {
        return refuse(fmt::format("{}: {} is not an object", shown_key(), place->type_name()));
      }
      schema_ = schema_.property(name);
      place = &(*place)[name];
    }
    const bool again = std::ranges::find(given, word_.key) != given.end();
    if (!again) given.push_back(word_.key);
    return set(*place, again);
  }

 private:
  std::string shown_key() const { return mcp::printable(word_.key); }

  mcp::Result<void> check_known(const std::string& name, bool nested) const {
    if (word_.form == ValueForm::json) return {};
    const auto types = schema_.types();
    if (nested && !types.empty() && !types.contains("object")) {
      return refuse(fmt::format("{}: what stands before .{} is no object but {}", shown_key(),
                                mcp::printable(name), fmt::join(types, " or ")));
    }
    if (schema_.has_property(name) || schema_.invites_others()) return {};
    return refuse(fmt::format("{}: no such argument", shown_key()), hint_for(name, schema_));
  }

  mcp::Result<std::string> text() const {
    if (word_.form != ValueForm::file) return word_.value;
    auto bytes = read_file(word_.value);
    if (bytes) return bytes;
    return refuse(fmt::format("{}: {}", shown_key(), bytes.error().message),
                  fmt::format("for the text itself: {}:='\"@…\"'", shown_key()));
  }

  mcp::Result<void> set(json& place, bool again) const {
    auto value = read_value(again);
    if (!value) return std::unexpected(value.error());
    if (!again) {
      place = std::move(*value);
      return {};
    }
    if (!place.is_array()) place = json::array({place});
    place.push_back(std::move(*value));
    return {};
  }

  mcp::Result<json> read_value(bool again) const {
    if (word_.form == ValueForm::json) {
      if (auto value = parsed(word_.value)) return *value;
      return refuse(fmt::format("{}: {} is not JSON", shown_key(), mcp::quoted(word_.value, 80)));
    }
    auto bytes = text();
    if (!bytes) return std::unexpected(bytes.error());
    const bool array_wanted = allows(schema_, "array");
    if (again && !array_wanted && !schema_.types().empty()) {
      return refuse(fmt::format("{}: given twice, and it takes one value", shown_key()));
    }
    auto value =
        again && array_wanted ? typed_value(*bytes, schema_.items()) : typed_value(*bytes, schema_);
    if (value) return value;
    return refuse(fmt::format("{}: {}", shown_key(), value.error().message), value.error().hint);
  }

  const ArgumentWord& word_;
  SchemaOutline schema_;
  std::vector<std::string> path_;
};

}  // namespace

mcp::Result<ArgumentWord> parse_argument_word(const std::string& word) {
  const auto equals = word.find('=');
  if (equals == std::string::npos || equals == 0 || word.starts_with(":=")) {
    return refuse(fmt::format("{}: is not KEY=VALUE", mcp::printable(word)));
  }
  const bool is_json = word[equals - 1] == ':';
  ArgumentWord result{.key = word.substr(0, is_json ? equals - 1 : equals),
                      .form = is_json ? ValueForm::json : ValueForm::text,
                      .value = word.substr(equals + 1)};
  if (!is_json && result.value.size() > 1 && result.value.starts_with('@')) {
    result.form = ValueForm::file;
    result.value.erase(0, 1);
  }
  return result;
}

mcp::Result<json> typed_value(const std::string& text, const SchemaOutline& schema) {
  const auto types = schema.types();
  if (types.empty()) return parsed(text).value_or(json(text));
  for (const std::string& type : types) {
    if (type == "string" || (type == "null" && types.contains("string"))) continue;
    if (auto value = read_as(type, text)) return *value;
  }
  if (types.contains("string")) return json(text);
  if (types.contains("array")) {
    auto item = typed_value(text, schema.items());
    if (!item) return item;
    return json::array({*item});
  }
  const bool vowel = types.begin()->find_first_of("aeio") == 0;
  return refuse(fmt::format("{} is not {} {}", mcp::quoted(text, 80), vowel ? "an" : "a",
                            mcp::printable(fmt::format("{}", fmt::join(types, " or ")))));
}

mcp::Result<void> add_arguments(const std::vector<std::string>& words, const SchemaOutline& schema,
                                json& arguments) {
  std::vector<std::string> given;
  for (const std::string& text : words) {
    const auto word = parse_argument_word(text);
    if (!word) return std::unexpected(word.error());
    Assignment assignment(*word, schema);
    if (auto done = assignment.apply(arguments, given); !done) return done;
  }
  return {};
}

mcp::Result<void> check_required(const json& arguments, const SchemaOutline& schema) {
  std::vector<std::string> missing;
  for (const std::string& name : schema.required()) {
    if (!arguments.contains(name)) missing.push_back(mcp::printable(name));
  }
  if (missing.empty()) return {};
  return refuse(fmt::format("missing argument{}: {}", missing.size() == 1 ? "" : "s",
                            fmt::join(missing, ", ")),
                "it takes: " + usage_of(schema));
}

}  // namespace cli

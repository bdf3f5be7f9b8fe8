#include "cli/commands/schema_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <istream>
#include <iterator>
#include <optional>
#include <vector>

#include "cli/conversation.hpp"
#include "cli/file.hpp"
#include "mcp/base/json_pointer.hpp"
#include "mcp/base/text.hpp"
#include "mcp/schema/uri.hpp"

namespace cli {
namespace {

using mcp::schema::Value;

std::unexpected<mcp::Error> refuse(const std::string& name, const mcp::Error& why) {
  return mcp::fail(mcp::ErrorKind::usage, fmt::format("{}: {}", name, why.message), why.hint);
}

std::optional<std::size_t> index_of(std::string_view token) {
  std::size_t index = 0;
  const auto* const begin = token.data();  // NOLINT(bugprone-suspicious-stringview-data-usage)
  const auto* const end = begin + token.size();
  const auto [stop, problem] = std::from_chars(begin, end, index);
  if (problem != std::errc() || stop != end) return std::nullopt;
  return index;
}

const Value* element(const Value::Array& array, std::string_view token) {
  if (const auto index = index_of(token)) return *index < array.size() ? &array[*index] : nullptr;
  const auto named = [token](const Value& each) {
    const Value* name = each.find("name");
    return name != nullptr && *name == Value(std::string(token));
  };
  const auto found = std::ranges::find_if(array, named);
  if (found == array.end() || std::ranges::count_if(array, named) > 1) return nullptr;
  return &*found;
}

mcp::Result<Value> part_at(const Value& document, std::string_view pointer) {
  const Value* here = &document;
  if (pointer.empty()) return *here;
  if (pointer.front() != '/') {
    return mcp::fail(mcp::ErrorKind::usage,
                     fmt::format("{} is no JSON Pointer", mcp::quoted(pointer)),
                     "it begins with a slash: FILE#/tools/echo/inputSchema");
  }
  for (std::size_t at = 0; at < pointer.size();) {
    const auto end = std::min(pointer.find('/', at + 1), pointer.size());
    const auto written = pointer.substr(at + 1, end - at - 1);
    const auto token = mcp::unescape_token(written).value_or(std::string(written));
    here = here->is(mcp::schema::Type::array) ? element(here->array(), token) : here->find(token);
    at = end;
    if (here == nullptr) {
      return mcp::fail(mcp::ErrorKind::usage,
                       fmt::format("has nothing at {}", mcp::printable(pointer.substr(0, end))));
    }
  }
  return *here;
}

mcp::Result<std::string> read_text(World& world, const std::string& file) {
  if (file != "-") return read_file(file);
  if (world.in.eof()) {
    return mcp::fail(mcp::ErrorKind::usage, "-: standard input was read already",
                     "only one of the words may be -");
  }
  std::string text(std::istreambuf_iterator<char>(world.in), {});
  world.in.setstate(std::ios::eofbit);
  if (text.empty()) return mcp::fail(mcp::ErrorKind::usage, "-: standard input is empty");
  return text;
}

}  // namespace

mcp::Result<NamedValue> take_json(Invocation& invocation, std::string_view what) {
  const auto word = take_word(invocation, what);
  if (!word) return std::unexpected(word.error());
  std::error_code ignored;
  // A file whose own name has a # is read whole.
  const bool whole = std::filesystem::exists(*word, ignored);
  const auto hash = whole ? std::string::npos : word->find('#');
  const auto file = word->substr(0, hash);
  const auto text = read_text(invocation.world, file);
  if (!text) return std::unexpected(text.error());
  auto document = mcp::schema::parse_value(*text);
  if (!document) return refuse(mcp::printable(file), document.error());
  NamedValue named{.name = mcp::printable(*word), .value = {}};
  if (hash == std::string::npos) {
    named.value = std::move(*document);
    return named;
  }
  auto part = part_at(*document, mcp::schema::split_fragment(word->substr(hash)).fragment);
  if (!part) return refuse(mcp::printable(file), part.error());
  named.value = std::move(*part);
  return named;
}

mcp::Result<NamedSchema> take_schema(Invocation& invocation, std::string_view what,
                                     std::string_view dialect) {
  const auto otherwise = parse_dialect(dialect);
  if (!otherwise) return std::unexpected(otherwise.error());
  auto named = take_json(invocation, what);
  if (!named) return std::unexpected(named.error());
  mcp::schema::CompileOptions options;
  options.dialect = *otherwise;
  auto schema = mcp::schema::Schema::compile(named->value, options);
  if (!schema) return refuse(named->name, schema.error());
  return NamedSchema{.name = std::move(named->name), .schema = std::move(*schema)};
}

mcp::Result<mcp::schema::Dialect> parse_dialect(std::string_view name) {
  if (name.find(':') != std::string_view::npos) return mcp::schema::dialect_of(name);
  auto number = name;
  for (const std::string_view prefix : {"draft", "-", "0"}) {
    if (number.starts_with(prefix)) number.remove_prefix(prefix.size());
  }
  auto dialect = mcp::schema::dialect_of(
      number.starts_with("20") ? fmt::format("https://json-schema.org/draft/{}/schema", number)
                               : fmt::format("http://json-schema.org/draft-0{}/schema", number));
  if (dialect) return dialect;
  return mcp::fail(mcp::ErrorKind::usage,
                   fmt::format("the dialect {} is not supported", mcp::quoted(name, 60)),
                   dialect.error().hint);
}

}  // namespace cli

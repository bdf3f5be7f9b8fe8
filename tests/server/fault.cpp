#include "tests/server/fault.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "mcp/base/text.hpp"

namespace mcp::testserver {

namespace {

struct KindEntry {
  Fault::Kind kind;
  std::string_view name;
  std::string_view main_parameter;  // may stand without its name
  std::string_view parameters;      // all of them, each with a blank behind it
  bool needs_main = false;
};

constexpr std::array<KindEntry, 24> kind_table{{
    {Fault::Kind::delay, "delay", "time", "time ", true},
    {Fault::Kind::stall, "stall", "bytes", "bytes "},
    {Fault::Kind::reset, "reset", "bytes", "bytes "},
    {Fault::Kind::close, "close", "bytes", "bytes "},
    {Fault::Kind::status, "status", "code", "code body type retry-after header ", true},
    {Fault::Kind::html, "html", "body", "body "},
    {Fault::Kind::truncate, "truncate", "bytes", "bytes "},
    {Fault::Kind::wrong_id, "wrong-id", "", ""},
    {Fault::Kind::duplicate, "duplicate", "", ""},
    {Fault::Kind::late, "late", "time", "time ", true},
    {Fault::Kind::lose_session, "lose-session", "", ""},
    {Fault::Kind::cut_idle, "cut-idle", "time", "time ", true},
    {Fault::Kind::buffer, "buffer", "", ""},
    {Fault::Kind::freeze, "freeze", "time", "time ", true},
    {Fault::Kind::rpc_error, "rpc-error", "code", "code message "},
    {Fault::Kind::tools_change, "tools-change", "after", "after ", true},
    {Fault::Kind::tools_differ, "tools-differ", "", ""},
    {Fault::Kind::tools_empty, "tools-empty", "", ""},
    {Fault::Kind::tools_duplicate, "tools-duplicate", "", ""},
    {Fault::Kind::huge, "huge", "size", "size "},
    {Fault::Kind::deep, "deep", "depth", "depth "},
    {Fault::Kind::comments, "comments", "gap", "gap "},
    {Fault::Kind::notifications, "notifications", "gap", "gap "},
    {Fault::Kind::garbage, "garbage", "lines", "lines "},
}};

const KindEntry* find_kind(std::string_view name) {
  const auto* found = std::ranges::find(kind_table, name, &KindEntry::name);
  return found == kind_table.end() ? nullptr : found;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return parts;
}

template <typename Number>
bool read(std::string_view text, Number& into) {
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), into);
  return failure == std::errc{} && end == text.data() + text.size();
}

bool read_size(std::string_view text, std::size_t& into) {
  static constexpr std::string_view units = "kmg";
  std::size_t factor = 1;
  if (!text.empty()) {
    const auto unit = units.find(text.back());
    if (unit != std::string_view::npos) {
      factor = std::size_t{1} << (10 * (unit + 1));
      text.remove_suffix(1);
    }
  }
  if (!read(text, into)) return false;
  into *= factor;
  return true;
}

bool read_time(std::string_view text, Duration& into) {
  const auto parsed = parse_duration(text);
  if (!parsed) return false;
  into = *parsed;
  return true;
}

bool read_header(const std::string& text, HeaderList& into) {
  const auto colon = text.find(':');
  if (colon == std::string::npos || colon == 0) return false;
  into.push_back({.name = text.substr(0, colon),
                  .value = std::string(trim(std::string_view(text).substr(colon + 1)))});
  return true;
}

std::string percent_decode(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    unsigned int byte = 0;
    const auto digits = text.substr(at).substr(0, 3);
    if (text[at] == '%' && digits.size() == 3 &&
        std::from_chars(digits.data() + 1, digits.data() + 3, byte, 16).ptr == digits.data() + 3) {
      out += static_cast<char>(byte);
      at += 2;
    } else {
      out += text[at];
    }
  }
  return out;
}

struct Pair {
  std::string name;
  std::string value;
};

Pair read_pair(std::string_view text, std::string_view default_name) {
  const auto mark = text.find('=');
  // A value may contain '=': only what looks like a name is one.
  const auto name = text.substr(0, mark);
  const bool named =
      mark != std::string_view::npos &&
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == std::string_view::npos;
  if (named) return {.name = std::string(name), .value = percent_decode(text.substr(mark + 1))};
  return {.name = std::string(default_name), .value = percent_decode(text)};
}

bool set_parameter(Fault& fault, const Pair& pair) {
  const auto& [name, value] = pair;
  if (name == "time" || name == "gap") return read_time(value, fault.time);
  if (name == "bytes" || name == "size") {
    fault.bytes_given = true;
    return read_size(value, fault.bytes);
  }
  if (name == "code" || name == "depth" || name == "lines") return read(value, fault.number);
  if (name == "after") return read(value, fault.from);  // turned into `from` afterwards
  if (name == "body" || name == "message") {
    fault.text = value;
    return true;
  }
  if (name == "type") {
    fault.headers.push_back({.name = "Content-Type", .value = value});
    return true;
  }
  if (name == "retry-after") {
    fault.headers.push_back({.name = "Retry-After", .value = value});
    return true;
  }
  return name == "header" && read_header(value, fault.headers);
}

bool set_condition(Fault& fault, const Pair& pair) {
  const auto& [name, value] = pair;
  if (name == "method") {
    fault.method = value;
    return true;
  }
  if (name == "p") {
    return read(value, fault.probability) && fault.probability >= 0 && fault.probability <= 1;
  }
  if (name == "every") return read(value, fault.every) && fault.every > 0;
  if (name == "nth") return read(value, fault.nth) && fault.nth > 0;
  if (name == "from") return read(value, fault.from);
  if (name == "until") return read(value, fault.until) && fault.until > 0;
  return name == "after" && read_time(value, fault.after);
}

void set_defaults(Fault& fault) {
  switch (fault.kind) {
    case Fault::Kind::rpc_error:
      fault.number = -32603;
      fault.text = "Internal error";
      break;
    case Fault::Kind::huge:
      fault.bytes = 100UL * 1024 * 1024;
      break;
    case Fault::Kind::deep:
      fault.number = 100'000;
      break;
    case Fault::Kind::garbage:
      fault.number = 1;
      break;
    case Fault::Kind::html:
      fault.text =
          "<!DOCTYPE html>\n<html><head><title>Welcome</title></head><body><h1>It works</h1>"
          "</body></html>\n";
      break;
    default:
      break;
  }
}

std::string kind_names() {
  std::string names;
  for (const auto& entry : kind_table) {
    if (!names.empty()) names += ", ";
    names += entry.name;
  }
  return names;
}

/// Empty where all is well, else what is wrong.
std::string fill_in(Fault& fault, const KindEntry& entry, std::string_view parameters,
                    std::string_view conditions) {
  bool main_given = false;
  for (const auto part : split(parameters, ',')) {
    const auto pair = read_pair(part, entry.main_parameter);
    if (pair.name.empty() || !entry.parameters.contains(pair.name + " ")) {
      return "unknown parameter " + quoted(part);
    }
    main_given = main_given || pair.name == entry.main_parameter;
    if (!set_parameter(fault, pair)) return "bad value in " + quoted(part);
  }
  if (entry.needs_main && !main_given) return "needs " + std::string(entry.main_parameter) + "=";
  if (fault.kind == Fault::Kind::status && (fault.number < 200 || fault.number > 599)) {
    return "code must be from 200 to 599";
  }
  if (fault.kind == Fault::Kind::tools_change) ++fault.from;
  for (const auto part : split(conditions, ',')) {
    if (!set_condition(fault, read_pair(part, ""))) return "bad condition " + quoted(part);
  }
  return {};
}

}  // namespace

std::string_view to_string(Fault::Kind kind) {
  const auto* found = std::ranges::find(kind_table, kind, &KindEntry::kind);
  return found == kind_table.end() ? "" : found->name;
}

bool Fault::fits(std::string_view other_method) const {
  if (method.empty()) return true;
  if (method.ends_with('*')) {
    return other_method.starts_with(std::string_view(method).substr(0, method.size() - 1));
  }
  return method == other_method;
}

Result<Fault> parse_fault(std::string_view spec) {
  const auto at = spec.find('@');
  const auto what = spec.substr(0, at);
  const auto conditions = at == std::string_view::npos ? std::string_view{} : spec.substr(at + 1);
  const auto colon = what.find(':');
  const auto name = what.substr(0, colon);
  const auto* entry = find_kind(name);
  if (entry == nullptr) {
    return fail(ErrorKind::usage, "fault " + quoted(spec) + ": there is no " + quoted(name),
                "the faults are: " + kind_names());
  }
  Fault fault{.kind = entry->kind};
  set_defaults(fault);
  if (fault.kind == Fault::Kind::tools_change) fault.method = "tools/*";
  const auto parameters =
      colon == std::string_view::npos ? std::string_view{} : what.substr(colon + 1);
  const auto problem = fill_in(fault, *entry, parameters, conditions);
  if (!problem.empty()) {
    return fail(ErrorKind::usage, "fault " + quoted(spec) + ": " + problem);
  }
  return fault;
}

}  // namespace mcp::testserver

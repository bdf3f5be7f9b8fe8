#include "scenarios/request_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "mcp/base/text.hpp"

namespace scenarios {
namespace {

struct Named {
  std::string_view name;
  Operation operation;
};
constexpr std::array operations = {
    Named{"call", Operation::call}, Named{"list", Operation::list},
    Named{"read", Operation::read}, Named{"prompt", Operation::prompt},
    Named{"ping", Operation::ping}, Named{"listen", Operation::listen}};
const std::vector<std::string>& lists() {
  static const std::vector<std::string> names = {"tools", "prompts", "resources",
                                                 "resource_templates"};
  return names;
}

bool is_pointer(std::string_view text) {
  if (!text.empty() && text.front() != '/') return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '~') continue;
    if (i + 1 == text.size() || (text[i + 1] != '0' && text[i + 1] != '1')) return false;
  }
  return true;
}

}  // namespace

std::optional<Operation> RequestReader::operation_of(std::string_view name) {
  const auto found = std::ranges::find(operations, name, &Named::name);
  if (found == operations.end()) return std::nullopt;
  return found->operation;
}

std::optional<Request> RequestReader::read(const YamlNode& node) {
  if (node.is(YamlNode::Kind::scalar)) return read_word(node);
  Fields fields(node, "a request", complaints_);
  if (!node.is(YamlNode::Kind::mapping)) return std::nullopt;
  Request request;
  int named = 0;
  for (const auto& [name, operation] : operations) {
    if (!fields.has(name)) continue;
    request.operation = operation;
    ++named;
  }
  if (named != 1) {
    complaints_.add(node.place, "a request names one of call, list, read, prompt, ping, listen");
  } else {
    read_target(fields, node, request);
  }
  fields.into("weight", request.weight, [&](const YamlNode& weight) {
    const auto value = fields.scalars().integer(weight, 1, 1'000'000);
    return value ? std::optional(static_cast<std::uint32_t>(*value)) : std::nullopt;
  });
  fields.into("timeout", request.timeout, [&](const YamlNode& timeout) {
    return fields.scalars().duration(timeout, std::chrono::milliseconds(1));
  });
  read_arguments(fields, request);
  read_expectation(fields, request);
  fields.finish();
  return named == 1 ? std::optional(std::move(request)) : std::nullopt;
}

std::optional<Request> RequestReader::read_word(const YamlNode& node) {
  if (node.text == "ping") return Request{.operation = Operation::ping};
  if (node.text == "listen") return Request{.operation = Operation::listen};
  Scalars(complaints_).refuse(node, "request", "write ping, listen, {call: TOOL} or {list: tools}");
  return std::nullopt;
}

void RequestReader::read_target(Fields& fields, const YamlNode& node, Request& request) {
  const auto named = std::ranges::find(operations, request.operation, &Named::operation);
  const auto& value = *node.find(named->name);
  const bool needs_none =
      request.operation == Operation::ping || request.operation == Operation::listen;
  if (needs_none) {
    if (!value.is(YamlNode::Kind::null))
      fields.scalars().refuse(value, "value of " + std::string(named->name), "leave it empty");
    return;
  }
  if (request.operation == Operation::list) {
    if (const auto chosen = fields.scalars().choice(value, lists())) {
      request.target = ArgumentTemplate(mcp::schema::Value(lists()[*chosen]));
    }
    return;
  }
  if (!value.is(YamlNode::Kind::scalar) || value.text.empty()) {
    fields.scalars().refuse(value, "name", fmt::format("{} needs one", named->name));
    return;
  }
  YamlNode text = value;
  text.quoted = true;  // a tool may be called 42
  if (auto target = fields.scalars().template_of(text)) request.target = std::move(*target);
}

void RequestReader::read_arguments(Fields& fields, Request& request) {
  const YamlNode* arguments = fields.take("arguments");
  const YamlNode* file = fields.take("arguments_from");
  const YamlNode* generate = fields.take("generate");
  const int given = int{arguments != nullptr} + int{file != nullptr} + int{generate != nullptr};
  const YamlNode* one = arguments != nullptr ? arguments : file != nullptr ? file : generate;
  if (one == nullptr) return;
  const bool takes_any =
      request.operation == Operation::call || request.operation == Operation::prompt;
  if (given > 1) {
    complaints_.add(one->place, "arguments, arguments_from and generate exclude each other");
  }
  if (!takes_any || (generate != nullptr && request.operation != Operation::call)) {
    complaints_.add(one->place, "this kind of request has no arguments");
  }
  if (arguments != nullptr && !arguments->is(YamlNode::Kind::mapping)) {
    fields.scalars().refuse(*arguments, "mapping of arguments");
  } else if (arguments != nullptr) {
    if (auto read = fields.scalars().template_of(*arguments)) request.arguments = std::move(*read);
  }
  if (file != nullptr) {
    if (auto path = fields.scalars().text(*file)) request.arguments = FromFile{.path = *path};
  }
  if (generate != nullptr && fields.scalars().boolean(*generate).value_or(false)) {
    request.arguments = Generated{};
  }
}

void RequestReader::read_expectation(Fields& fields, Request& request) {
  fields.into("expect", request.expect, [&](const YamlNode& node) { return expectation(node); });
}

std::optional<Expectation> RequestReader::expectation(const YamlNode& node) {
  Fields fields(node, "expect", complaints_);
  if (!node.is(YamlNode::Kind::mapping)) return std::nullopt;
  auto& scalars = fields.scalars();
  Expectation expect;
  fields.into("is_error", expect.is_error, [&](const YamlNode& n) { return scalars.boolean(n); });
  fields.into("text_contains", expect.text_contains,
              [&](const YamlNode& n) { return scalars.text(n); });
  fields.into("within", expect.within,
              [&](const YamlNode& n) { return scalars.duration(n, std::chrono::microseconds(1)); });
  fields.into("json", expect.member, [&](const YamlNode& n) { return member(n); });
  fields.finish();
  return expect;
}

std::optional<Expectation::Member> RequestReader::member(const YamlNode& node) {
  Fields fields(node, "json", complaints_);
  if (!node.is(YamlNode::Kind::mapping)) return std::nullopt;
  const YamlNode* pointer = fields.take("pointer");
  const bool has_equals = fields.has("equals");
  fields.finish();
  if (pointer == nullptr || !has_equals) {
    complaints_.add(node.place, "json needs pointer and equals",
                    "for example {pointer: /content/0/text, equals: hello}");
    return std::nullopt;
  }
  const auto text = fields.scalars().text(*pointer);
  if (!text) return std::nullopt;
  if (!is_pointer(*text)) {
    fields.scalars().refuse(*pointer, "JSON Pointer",
                            "it begins with /, and has ~0 for ~ and ~1 for /");
    return std::nullopt;
  }
  return Expectation::Member{.pointer = *text, .equals = to_value(*node.find("equals"))};
}

std::optional<Mix> RequestReader::read_mix(const YamlNode& node) {
  if (!node.is(YamlNode::Kind::sequence) || node.items.empty()) {
    Scalars(complaints_).refuse(node, "list of requests");
    return std::nullopt;
  }
  Mix mix;
  for (const auto& item : node.items) {
    if (auto request = read(item)) mix.push_back(std::move(*request));
  }
  return mix;
}

}  // namespace scenarios

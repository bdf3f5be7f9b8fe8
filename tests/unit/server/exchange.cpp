#include "tests/unit/server/exchange.hpp"

#include "mcp/base/text.hpp"

namespace mcp::testserver {

TestServerOptions test_options() {
  TestServerOptions options;
  options.core.surface = builtin_surface();
  options.core.unix_time = [] { return std::int64_t{1'000'000}; };
  options.core.state_key = "key";
  return options;
}

TestServerOptions options_with_fault(std::string_view spec) {
  auto options = test_options();
  options.faults.push_back(parse_fault(spec).value());
  return options;
}

Exchange::Exchange(TestServerOptions options)
    : service(loop, std::move(options)), router(service) {}

AnswerPtr Exchange::send(std::string_view method, std::string_view path, const HeaderList& fields,
                         std::string_view body) {
  std::vector<HeaderView> views;
  for (const auto& field : fields) views.push_back({.name = field.name, .value = field.value});
  auto request = fake_request(method, path, std::move(views), body);
  request.connection = connection;
  auto answer = std::make_shared<FakeAnswer>();
  router.on_request(request, std::make_unique<FakeResponder>(answer));
  return answer;
}

AnswerPtr Exchange::post(std::string_view body, const HeaderList& fields) {
  HeaderList all{{.name = "Accept", .value = "application/json, text/event-stream"},
                 {.name = "Content-Type", .value = "application/json"}};
  for (const auto& field : fields) {
    std::erase_if(
        all, [&](const Header& other) { return equals_ignoring_case(other.name, field.name); });
    all.push_back(field);
  }
  return send("POST", "/mcp", all, body);
}

std::string Exchange::open(std::string_view revision, std::string_view capabilities) {
  const auto answer =
      post(R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{)"
           R"("protocolVersion":)" +
           json_string(revision) + R"(,"capabilities":)" + std::string(capabilities) +
           R"(,"clientInfo":{"name":"test","version":"1"}}})");
  const auto* id = answer->find("Mcp-Session-Id");
  return id == nullptr ? std::string() : *id;
}

AnswerPtr Exchange::call(const std::string& session, std::string_view body, HeaderList fields) {
  fields.push_back({.name = "Mcp-Session-Id", .value = session});
  return post(body, fields);
}

AnswerPtr Exchange::get(const std::string& session, HeaderList fields) {
  fields.push_back({.name = "Accept", .value = "text/event-stream"});
  fields.push_back({.name = "Mcp-Session-Id", .value = session});
  return send("GET", "/mcp", fields);
}

AnswerPtr Exchange::modern(std::string_view method, std::string params, HeaderList fields,
                           std::string_view capabilities) {
  if (!params.empty()) params += ',';
  const auto body = R"({"jsonrpc":"2.0","id":1,"method":)" + json_string(method) +
                    R"(,"params":{)" + params +
                    R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
                    R"("io.modelcontextprotocol/clientCapabilities":)" +
                    std::string(capabilities) + "}}}";
  const auto view = *JsonView::parse(body);
  HeaderList all{{.name = "MCP-Protocol-Version", .value = "2026-07-28"},
                 {.name = "Mcp-Method", .value = std::string(method)}};
  const auto name = view["params"][method == "resources/read" ? "uri" : "name"];
  if (name.is_string()) all.push_back({.name = "Mcp-Name", .value = name.string()});
  for (const auto& field : fields) {
    std::erase_if(all, [&](const Header& other) { return other.name == field.name; });
    if (field.value != "-") all.push_back(field);
  }
  return post(body, all);
}

std::string tools_call(int id, std::string_view name, std::string_view arguments,
                       std::string_view further_params) {
  return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) +
         R"(,"method":"tools/call","params":{"name":)" + json_string(name) + R"(,"arguments":)" +
         std::string(arguments) + std::string(further_params) + "}}";
}

namespace {

std::vector<std::string> lines_with(const FakeAnswer& answer, std::string_view prefix) {
  std::vector<std::string> found;
  std::string_view rest = answer.body;
  while (!rest.empty()) {
    const auto line = rest.substr(0, rest.find('\n'));
    if (line.starts_with(prefix) && line.size() > prefix.size()) {
      found.emplace_back(line.substr(prefix.size()));
    }
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
  }
  return found;
}

}  // namespace

std::vector<std::string> events(const FakeAnswer& answer) {
  return lines_with(answer, "data: ");
}
std::vector<std::string> event_ids(const FakeAnswer& answer) {
  return lines_with(answer, "id: ");
}

}  // namespace mcp::testserver

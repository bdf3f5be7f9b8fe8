// http_load URL CONNECTIONS SECONDS [lean|request|curl] [--idle COUNT] [--ca FILE]: each connection
// sends tools/call again as soon as it is answered, and checks every answer: status, type, JSON,
// id, result and isError. Prints "ready" once all connections were answered, and after so many
// seconds, or at Ctrl-C, a line: requests, failures, connections, bytes of memory that an idle
// connection took, microseconds of CPU time a request since it was ready, and the seconds of CPU
// time that went before.
//
//   lean     the lean engine, requests prepared once, the id patched in
//   request  the lean engine through `Http`, each request built anew
//   curl     the engine on libcurl's multi handle

#include <sys/resource.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "mcp/io/lean_http.hpp"
#include "mcp/wire/answer_scan.hpp"

namespace {

using namespace mcp;

struct Plan {
  std::string url;
  std::size_t connections = 1;
  double seconds = 1;
  std::string engine = "lean";
  std::size_t idle = 0;
  std::string ca_file;
};

struct Counts {
  std::size_t requests = 0;
  std::size_t failures = 0;
  std::size_t connected = 0;
  std::string first_failure;
};

HttpRequest tool_call(const std::string& url) {
  return {.url = url,
          .headers = {{"Content-Type", "application/json"},
                      {"Accept", "application/json, text/event-stream"},
                      {"MCP-Protocol-Version", "2025-11-25"},
                      {"Mcp-Session-Id", "4f1c0c66-7d3b-4a53-9c9d-5a4e4f7f2d11"}},
          .body = R"({"jsonrpc":"2.0","id":0000000007,"method":"tools/call","params":)"
                  R"({"name":"echo","arguments":{"message":"hello"}}})"};
}

/// One connection that is always busy.
class Agent final : public HttpObserver, public LaneObserver {
 public:
  Agent(Loop& loop, const Plan& plan, Counts& counts)
      : loop_(loop), counts_(counts), request_(tool_call(plan.url)) {
    auto prepared = prepare(request_, "bench");
    if (!prepared) std::exit(2);
    prepared_ = std::move(*prepared);
    id_at_ = prepared_.bytes.find("0000000007");
  }
  void use(std::unique_ptr<Lane> lane) { lane_ = std::move(lane); }
  void use(Http& http) { http_ = &http; }
  void send() {
    constexpr auto patience = std::chrono::seconds(30);
    body_.clear();
    healthy_ = false;
    is_right_ = false;
    if (http_) {
      request_.deadline = loop_.now() + patience;
      exchange_ = http_->start(request_, *this);
    } else {
      patch_id();
      exchange_ = lane_->start_prepared(prepared_, loop_.now() + patience, *this);
    }
  }

 private:
  void patch_id() {
    // The static answer has always the same id.
    prepared_.bytes[id_at_ + 9] = '7';
  }
  void on_head(const HttpResponseHead& head) override {
    const auto* type = head.find("Content-Type");
    healthy_ = head.status == 200 && type && *type == "application/json";
  }
  /// Mostly all of it comes at once, and need not be copied.
  void on_data(std::string_view bytes) override {
    if (is_right_) {
      is_right_ = bytes.find_first_not_of(" \r\n\t") == std::string_view::npos;
      if (!is_right_) body_ = "something behind the answer";
    } else if (body_.empty() && is_right(bytes)) {
      is_right_ = true;
    } else {
      body_ += bytes;
    }
  }
  void on_finished(Result<HttpTimings> outcome) override {
    ++counts_.requests;
    if (!outcome) {
      count_failure(outcome.error().message);
    } else if (!healthy_ || !(is_right_ || is_right(body_))) {
      count_failure("wrong answer: " + body_);
    }
    send();
  }
  void on_connected(const LaneConnected&) override { ++counts_.connected; }
  void on_cut(const LaneCut&) override {}

  static bool is_right(std::string_view body) {
    const auto scan = scan_answer(body);
    return scan.is_answer() && scan.id == "7" && !scan.is_error &&
           scan.result == AnswerScan::Shape::object;
  }
  void count_failure(const std::string& why) {
    if (counts_.failures++ == 0) counts_.first_failure = why;
  }

  Loop& loop_;
  Counts& counts_;
  HttpRequest request_;
  PreparedRequest prepared_;
  std::size_t id_at_ = 0;
  std::unique_ptr<Lane> lane_;
  Http* http_ = nullptr;
  std::unique_ptr<HttpExchange> exchange_;
  std::string body_;
  bool healthy_ = false;
  bool is_right_ = false;
};

/// A connection that is opened, and then only held.
struct Idler final : HttpObserver {
  void on_head(const HttpResponseHead& /*head*/) override {}
  void on_data(std::string_view /*bytes*/) override {}
  void on_finished(Result<HttpTimings> outcome) override { state = outcome ? 1 : 2; }
  std::unique_ptr<Lane> lane;
  std::unique_ptr<HttpExchange> exchange;
  int state = 0;
};

std::size_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::size_t total = 0;
  std::size_t resident = 0;
  file >> total >> resident;
  return resident * 4096;
}

/// Opens them a hundred at a time; what one of them takes in memory.
std::size_t open_idlers(Loop& loop, LeanHttp& engine, const Plan& plan,
                        std::vector<Idler>& idlers) {
  const auto before = resident_bytes();
  for (std::size_t first = 0; first < idlers.size(); first += 100) {
    const auto last = std::min(first + 100, idlers.size());
    for (auto i = first; i < last; ++i) {
      idlers[i].lane = engine.make_lane();
      idlers[i].exchange = idlers[i].lane->start_connect({.url = plan.url}, idlers[i]);
    }
    for (auto i = first; i < last; ++i) {
      while (idlers[i].state == 0) loop.turn(loop.now() + std::chrono::seconds(5));
      if (idlers[i].state == 2) std::exit(3);
      idlers[i].exchange.reset();
    }
  }
  return idlers.empty() ? 0 : (resident_bytes() - before) / idlers.size();
}

double cpu_time() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void raise_file_limit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

volatile std::sig_atomic_t interrupted = 0;

int run(const Plan& plan) {
  raise_file_limit();
  const auto loop = make_lean_loop();
  const HttpOptions options{.no_proxy = true, .ca_file = plan.ca_file};
  auto lean = make_lean_http(*loop, options);
  auto curl = make_curl_http(*loop, options);
  if (!lean || !curl) return 2;
  std::vector<Idler> idlers(plan.idle);
  const auto idle_bytes = open_idlers(*loop, **lean, plan, idlers);
  Counts counts;
  std::vector<std::unique_ptr<Agent>> agents;
  std::vector<std::unique_ptr<Lane>> lanes;
  for (std::size_t i = 0; i < plan.connections; ++i) {
    auto& agent = *agents.emplace_back(std::make_unique<Agent>(*loop, plan, counts));
    if (plan.engine == "curl") {
      agent.use(**curl);
    } else if (plan.engine == "request") {
      agent.use(*lanes.emplace_back((*lean)->make_lane(&agent)));
    } else {
      agent.use((*lean)->make_lane(&agent));
    }
  }
  for (const auto& agent : agents) agent->send();
  while (counts.requests < plan.connections) loop->turn(loop->now() + std::chrono::seconds(1));
  std::puts("ready");
  std::fflush(stdout);
  const auto end = Clock::now() + std::chrono::duration_cast<Duration>(
                                      std::chrono::duration<double>(plan.seconds));
  const auto connecting = cpu_time();
  const auto first_requests = counts.requests;
  std::signal(SIGINT, [](int) { interrupted = 1; });
  while (loop->now() < end && interrupted == 0) loop->turn(end);
  const auto requests = static_cast<double>(counts.requests - first_requests);
  std::printf("%zu %zu %zu %zu %.3f %.3f\n", counts.requests, counts.failures, counts.connected,
              idle_bytes, (cpu_time() - connecting) / requests * 1e6, connecting);
  if (counts.failures > 0) std::fprintf(stderr, "%s\n", counts.first_failure.c_str());
  std::fflush(nullptr);
  // What is measured is the load, not the taking down.
  std::_Exit(counts.failures > 0 ? 1 : 0);
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() < 3) {
    std::fputs(
        "usage: http_load URL CONNECTIONS SECONDS [lean|request|curl] [--idle COUNT] "
        "[--ca FILE]\n",
        stderr);
    return 2;
  }
  Plan plan{.url = words[0],
            .connections = std::strtoul(words[1].c_str(), nullptr, 10),
            .seconds = std::strtod(words[2].c_str(), nullptr)};
  for (std::size_t i = 3; i < words.size(); ++i) {
    if (words[i] == "--idle" && i + 1 < words.size()) {
      plan.idle = std::strtoul(words[++i].c_str(), nullptr, 10);
    } else if (words[i] == "--ca" && i + 1 < words.size()) {
      plan.ca_file = words[++i];
    } else {
      plan.engine = words[i];
    }
  }
  return run(plan);
}

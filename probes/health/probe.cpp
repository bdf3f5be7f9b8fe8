#include "probes/health/probe.hpp"

#include <algorithm>
#include <utility>

#include "probes/health/attempt.hpp"
#include "probes/health/judge.hpp"

namespace probes {
namespace {

/// Another attempt cannot change what options say, and must not answer an interrupt.
bool may_change(Verdict verdict) {
  switch (verdict) {
    case Verdict::ok:
    case Verdict::degraded:
    case Verdict::needs_auth:
    case Verdict::denied:
    case Verdict::misconfigured:
    case Verdict::interrupted:
      return false;
    default:
      return true;
  }
}

/// 100 ms, 200 ms, … up to a second; longer when the server said so (RFC 9110 section 10.2.3).
mcp::Duration pause_before(int attempt, const ProbeReport& last) {
  const mcp::Duration pause = std::min(attempt * 100, 1000) * std::chrono::milliseconds(1);
  if (!last.seen.failure || !last.seen.failure->retry_after_seconds) return pause;
  const auto asked = std::clamp<std::int64_t>(*last.seen.failure->retry_after_seconds, 0, 3600);
  return std::max<mcp::Duration>(pause, std::chrono::seconds(asked));
}

}  // namespace

ProbeReport probe(const std::string& target, ServerAccess& access, const ProbeOptions& options) {
  const auto start = access.now();
  const auto deadline = start + options.timeout;
  ProbeReport report;
  for (int attempt = 0; attempt <= options.retries; ++attempt) {
    if (attempt > 0) {
      const auto resume = access.now() + pause_before(attempt, report);
      if (resume >= deadline || !access.wait_until(resume)) break;
    }
    const auto now = access.now();
    const int attempts_left = options.retries - attempt + 1;
    report = judge(target, Attempt(access, options, now + (deadline - now) / attempts_left).run(),
                   options);
    report.attempts = attempt + 1;
    if (!may_change(report.verdict)) break;
  }
  report.total = access.now() - start;
  return report;
}

}  // namespace probes

#include "scenarios/histogram_log.hpp"

#include <doctest/doctest.h>

#include <string>

#include "scenarios/histogram_codec.hpp"
#include "scenarios/zlib_stream.hpp"
#include "tests/unit/recorder/simulation.hpp"

using namespace scenarios;
using simulation::seconds;

namespace {

// Both written by hdr-histogram-js 3.0.1: a block with fixed codes, and one with its own codes.
constexpr const char* foreign_fixed =
    "HISTFAAAADN4nJNpmSzMwMDAz8DAwMjAwMDEAAEgNsO1yUsYYHwmpp/MTCwfmdn6uZmecjMBAJm6BvY=";
constexpr const char* foreign_dynamic =
    "HISTFAAAAo94nDWTzWrbQBSFR9/MWIhBCCGMMKoQQhgjTDDBBGOMMcKUUIIJIYsQugghixJC8CqErrJou+yiZF1oodBF"
    "HqEP0Dco9EG6b+a61WLQ/Nx77j3n3BfvHzOlzFopFSiltNp9/l/9evym/u9/BoaexmJiQlBG01OkPW20Uf7EogkJ8W8i"
    "LCg0GrSRxxpndE+hjCI2aBTy1BlFxG4fS4w1mgRLjNG7i9R4REJ8aCxIlsikRsuZX40/jOmTEzKQTBbnqwqxFFhDYVI0"
    "OQUJpYmISBngcPSpqaSvlNhDnlARCXTri2uIyMlQOBOSMIUSS0bmkQuYoCjJmdDg6DxLVoILQnzBLYc0hGzQRLtG+BQQ"
    "8jvgR8BTwC1zYiIqLAlXRJyRk9IS45izJOUcSyr3vr8Rii0JFW9RJCgKlPSSkJGwknxDiVEMGfMuoOSWCRlanqRmyxLN"
    "WIAPhPaQOxJwHLDP54A1JSUzchphw5S8pE9ILiQoFJWwmonwSxx7gjqjZUopa4ITHsYUXNCyQFOxwTGg78EW7JORSzon"
    "TfmaOpwIOWdAR82SiISQBa/oiBmRMWLAI1CblpmXZsKGSBhe0fInkF63nFNxg2VBRp8VdAyYGsURjqaXQIgT291wx7F0"
    "TZ+lN5i5RdOwhguhlCeoiUQkzRuu2XsmqxT/13Dpi/DZWo6YMRH7TOk45xhtvgdc4Xz60gzQ7It4IZfP9vsYMKFkw70k"
    "m37peTvvM2TCh0D49vqv0WwJ6XNEwogVlooJWx5Yck3NgblnyANfvcsOGTNHU+OohTclAk//yefpylnQ55SFTNQerRh+"
    "wIkvtBF1Y3JOpb45FZ1MUExNzplMm6Wj4DUNlnsOZR6FhU44+AvBUUqN";

Histogram simulated(Digits digits) {
  Histogram histogram(digits);
  for (std::uint64_t value = 1; value < 4'000'000'000; value = value * 3 / 2 + 1)
    histogram.add(value, value);
  return histogram;
}

std::string error_of(const std::string& base64) {
  const auto decoded = decode_histogram(base64);
  return decoded ? "" : decoded.error().message;
}

}  // namespace

TEST_CASE("zlib: what was stored is read back, of any length") {
  for (const std::size_t length : {0, 1, 65534, 65535, 65536, 200000}) {
    std::string bytes;
    for (std::size_t at = 0; at < length; ++at) bytes += static_cast<char>(at * 7 / 3);
    const auto back = zlib_inflate(zlib_deflate(bytes), 1U << 20);
    REQUIRE(back.has_value());
    CHECK(*back == bytes);
  }
}

TEST_CASE("zlib: a damaged stream is refused and never crashes") {
  const std::string whole = zlib_deflate("hello, hello, hello");
  for (std::size_t length = 0; length < whole.size(); ++length)
    CHECK_FALSE(zlib_inflate(whole.substr(0, length), 1000).has_value());
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
    CHECK_FALSE(zlib_inflate(damaged, 1000).has_value());
  }
}

TEST_CASE("zlib: a stream that grows beyond the limit is refused") {
  const auto refused = zlib_inflate(zlib_deflate(std::string(1001, 'x')), 1000);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().message == "damaged zlib stream: it grows beyond the limit");
}

TEST_CASE("histogram codec: what was written is read back") {
  for (const Digits digits : {Digits::two, Digits::three}) {
    CHECK(decode_histogram(encode_histogram(Histogram(digits))).value() == Histogram(digits));
    CHECK(decode_histogram(encode_histogram(simulated(digits))).value() == simulated(digits));
  }
}

TEST_CASE("histogram codec: reads what hdr-histogram-js wrote, with its percentiles") {
  const auto few = decode_histogram(foreign_fixed);
  REQUIRE(few.has_value());
  CHECK(few->digits() == Digits::two);
  CHECK(few->count() == 10);
  CHECK(few->percentile(50) == 257);
  CHECK(few->percentile(90) == 50175);
  CHECK(few->percentile(99) == 3014655);
  CHECK(few->mean() == doctest::Approx(306028.8));

  const auto many = decode_histogram(foreign_dynamic);
  REQUIRE(many.has_value());
  CHECK(many->digits() == Digits::three);
  CHECK(many->count() == 1000);
  CHECK(many->percentile(10) == 364);
  CHECK(many->percentile(50) == 70015);
  CHECK(many->percentile(90) == 71231);
  CHECK(many->percentile(99) == 252543);
  CHECK(many->mean() == doctest::Approx(49801.996));
}

TEST_CASE("histogram codec: refuses what is no histogram, and says why") {
  const std::string head = "not an HdrHistogram in V2 form: ";
  CHECK(error_of("*") == head + "it is no base64");
  CHECK(error_of("") == head + "it does not begin with the cookie of a compressed histogram");
  CHECK(error_of("HISTFAAAADN4") == head + "its length is wrong");
  const std::string whole = encode_histogram(simulated(Digits::two));
  for (std::size_t length = 0; length + 4 < whole.size(); length += 4)
    CHECK_FALSE(error_of(whole.substr(0, length)).empty());
}

TEST_CASE("histogram log: intervals, tags and the start are read back") {
  const HistogramLog log{.start = 1'800'000'000.25,
                         .intervals = {{.tag = "tools/call:echo",
                                        .from = seconds(0),
                                        .length = seconds(1),
                                        .histogram = simulated(Digits::two)},
                                       {.tag = "",
                                        .from = seconds(1),
                                        .length = seconds(0.5),
                                        .histogram = simulated(Digits::three)}}};
  const auto back = read_histogram_log(write_histogram_log(log));
  REQUIRE(back.has_value());
  CHECK(back->start == log.start);
  CHECK(back->intervals == log.intervals);
}

TEST_CASE("histogram log: a tag cannot break its line") {
  const HistogramLog log{.intervals = {{.tag = "a,b c\nd", .length = seconds(1)}}};
  const auto back = read_histogram_log(write_histogram_log(log));
  REQUIRE(back.has_value());
  CHECK(back->intervals.at(0).tag == "a_b_c_d");
}

TEST_CASE("histogram log: a broken line is named") {
  const auto error = [](const std::string& text) {
    return read_histogram_log(text).error().message;
  };
  CHECK(error("#x\nnonsense\n") == "line 2: an interval begins with its start and its length");
  CHECK(error("0.1,1.0,x,HIST\n") == "line 1: the interval's maximum is no number");
  CHECK(error("0.1,1.0,2.0,HIST\n").starts_with("line 1: not an HdrHistogram in V2 form"));
}

TEST_CASE("histogram log: a run gives one line a step and second") {
  const auto recording = simulation::run({.rate = 50, .length = 3});
  const auto log = histogram_log_of(recording, 1000);
  REQUIRE(log.intervals.size() == 3);
  CHECK(log.intervals[2].tag == "tools/call:echo");
  CHECK(log.intervals[2].from == seconds(2));
  CHECK(log.intervals[2].length == seconds(1));
  CHECK(log.intervals[2].histogram.count() == 50);
}

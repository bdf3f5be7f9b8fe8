// The same as tests/integration/load_files, by hdr-histogram-js: "write" or "read".
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(`${process.env.MCPCTL_REAL_DIR}/package.json`);
const hdr = require("hdr-histogram-js");

// %.6g of C, for numbers between 1 and 1e16.
function general(number) {
  if (number >= 1e6) {
    const [digits, power] = number.toExponential(5).split("e+");
    return `${Number(digits)}e+${power.padStart(2, "0")}`;
  }
  return String(Number(number.toPrecision(6)));
}

function read() {
  const reader = new hdr.HistogramLogReader(readFileSync(0, "utf8"));
  for (let one; (one = reader.nextIntervalHistogram()) != null; ) {
    const percentiles = [50, 90, 99, 99.9].map((percent) => one.getValueAtPercentile(percent));
    const from = ((one.startTimeStampMsec - 1_800_000_000_000) / 1000).toFixed(3);
    console.log([one.tag, from, one.totalCount, general(one.mean), ...percentiles].join(" "));
  }
}

function write() {
  const lines = [];
  const writer = new hdr.HistogramLogWriter((text) => lines.push(text));
  writer.outputLogFormatVersion();
  writer.outputStartTime(1_800_000_000_000);
  writer.outputLegend();
  let seed = 1;
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  for (let second = 0; second < 20; second++) {
    for (const digits of [2, 3]) {
      const one = hdr.build({
        bitBucketSize: 64,
        lowestDiscernibleValue: 1,
        highestTrackableValue: 3_600_000_000,
        numberOfSignificantValueDigits: digits,
      });
      for (let count = 0; count < 5000; count++)
        one.recordValue(Math.floor(Math.min(Math.exp(random() * (second + 2)), 3.6e9)));
      one.tag = digits === 2 ? "two" : "three";
      one.startTimeStampMsec = 1_800_000_000_000 + second * 1000;
      one.endTimeStampMsec = one.startTimeStampMsec + 1000;
      writer.outputIntervalHistogram(one, second, second + 1);
    }
  }
  process.stdout.write(lines.join(""));
}

process.argv[2] === "write" ? write() : read();

"use strict";
// Numbers and times, written as the text report writes them.

const micros_per_second = 1e6;

function without_zeros(text) {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** Three significant digits, without zeros at the end. */
function significant(value) {
  const decimals = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;
  return without_zeros(value.toFixed(decimals));
}

const two_digits = (number) => String(number).padStart(2, "0");

const format = {
  count: (value) => value.toLocaleString("en-US"),

  /** For an axis: 60K. */
  short: (value) => (Math.abs(value) < 1e4 ? format.count(value)
    : value.toLocaleString("en-US", { notation: "compact" })),

  share: (value) => `${without_zeros((value * 100).toFixed(2))} %`,

  rate: (value) =>
    value < 10 ? `${Number(value.toPrecision(3))}/s` : `${format.count(Number(value.toFixed(1)))}/s`,

  /** Of microseconds. */
  duration: (micros) => {
    const seconds = micros / micros_per_second;
    if (seconds < 0.9995) return `${significant(seconds * 1000)} ms`;
    if (seconds < 59.95) return `${significant(seconds)} s`;
    const whole = Math.round(seconds);
    if (whole < 3600) return `${Math.floor(whole / 60)}m ${two_digits(whole % 60)}s`;
    const minutes = Math.round(seconds / 60);
    return `${Math.floor(minutes / 60)}h ${two_digits(minutes % 60)}m`;
  },

  /** Of seconds since the start, for an axis that is `length` seconds long. */
  clock: (seconds, length) => {
    if (length <= 120) return `${without_zeros(seconds.toFixed(2))} s`;
    const whole = Math.round(seconds);
    const [minutes, rest] = [Math.floor(whole / 60), whole % 60];
    if (length <= 7200) return `${minutes}:${two_digits(rest)}`;
    return `${Math.floor(minutes / 60)}h${two_digits(minutes % 60)}`;
  },

  /** A percentile, with as many nines as it has. */
  percent: (value) => {
    const above = 100 - value;
    if (above <= 0) return "max";
    const decimals = Math.max(0, Math.ceil(-Math.log10(above)) + 1);
    return `p${without_zeros(value.toFixed(Math.min(decimals, 7)))}`;
  },
};

const format_of_unit = {
  micros: format.duration,
  share: format.share,
  per_second: format.rate,
  count: format.count,
};

/** Names come from servers: what is invisible or turns the direction of text is made visible. */
function printable(text) {
  const shown = String(text).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu,
    (each) => `\\u{${each.codePointAt(0).toString(16)}}`);
  return shown.length > 300 ? `${shown.slice(0, 300)}\u2026` : shown;
}

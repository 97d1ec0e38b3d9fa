"use strict";

// What both texts and drawings need.

/** Such as a terminal shows it: what would steer or reorder what stands beside it, or is invisible, as an escape. */
function safe(text) {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (sign) => {
    if (sign === "\t") return " ";
    // The joiners make emoji and the scripts that need them, and change no order.
    if (sign === "\u200c" || sign === "\u200d") return sign;
    const digits = sign.codePointAt(0).toString(16).toUpperCase();
    return digits.length > 4 ? `\\u{${digits}}` : `\\u${digits.padStart(4, "0")}`;
  });
}

/** What is written from right to left, kept from taking along what stands beside it. */
function apart(text) {
  return /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u.test(text) ? `\u2068${text}\u2069` : text;
}

function shown(microseconds) {
  if (microseconds < 1000) return microseconds + " µs";
  if (microseconds < 1e6) return (microseconds / 1000).toFixed(microseconds < 1e4 ? 1 : 0) + " ms";
  return (microseconds / 1e6).toFixed(2) + " s";
}

/** Milliseconds since 1970 as krun writes them; beyond what a calendar has, the number. */
function moment(milliseconds) {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? String(milliseconds) : date.toISOString();
}

const number = (value) => value.toLocaleString("en").replaceAll(",", " ");

/** How many of a sorted list are at most so large. */
function upTo(list, value) {
  let low = 0, high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle] <= value) low = middle + 1; else high = middle;
  }
  return low;
}

const measure = document.createElement("canvas").getContext("2d");

/** How wide a text of a drawing is, in its units. */
function measured(text) {
  if (!measure.isReady) {
    measure.font = `13px ${getComputedStyle(document.body).fontFamily}`;
    measure.isReady = true;
  }
  return measure.measureText(text).width;
}

/** A text that is not wider than that: its end, which tells partitions apart, or else its beginning. */
function fitted(text, width, { keepsStart = false } = {}) {
  if (measured(text) <= width) return text;
  const letters = [...new Intl.Segmenter().segment(text)].map((part) => part.segment);
  let low = 1, high = letters.length;
  const cut = (count) => (keepsStart ? letters.slice(0, count).join("") + "…" : "…" + letters.slice(-count).join(""));
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (measured(cut(middle)) <= width) low = middle; else high = middle - 1;
  }
  return cut(low);
}

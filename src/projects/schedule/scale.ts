import { addDays, daysBetween } from '../../pages/days.js';
import { weekOf } from '../../pages/weeks.js';

/** The days that a chart shows, both of them included. */
export interface Window {
  from: string;
  to: string;
}

/** Where days lie across a chart, in its units. */
export interface Scale extends Window {
  left: number;
  right: number;
  /** The edge at which a day begins, not beyond the chart's own. */
  x(day: string): number;
  /** The width of a week. */
  week: number;
}

/** A scale from `left` to `right` for these days. */
export function scaleFor({ from, to }: Window, left: number, right: number): Scale {
  const day_width = (right - left) / (daysBetween(from, to) + 1);
  const x = (day: string) => Math.min(right, Math.max(left, left + daysBetween(from, day) * day_width));
  return { from, to, left, right, x: (day) => Math.round(x(day) * 10) / 10, week: day_width * 7 };
}

/** So many weeks of the reader's, from the one that a day belongs to. */
export function weeksFrom(day: string, count: number, locale: string): Window {
  const { from } = weekOf(day, locale);
  return { from, to: addDays(from, count * 7 - 1) };
}

/** No chart shows more. */
const MOST_WEEKS = 156;

/** Whole weeks that hold all of these days; null if there are none. */
export function weeksAround(days: readonly string[], locale: string): Window | null {
  const sorted = days.toSorted();
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (!first || !last) return null;
  const { from } = weekOf(first, locale);
  const most = addDays(from, MOST_WEEKS * 7 - 1);
  const { to } = weekOf(last < most ? last : most, locale);
  return { from, to };
}

/** The first days of the weeks of a window. */
export const weeksIn = ({ from, to }: Window): string[] =>
  Array.from({ length: (daysBetween(from, to) + 1) / 7 }, (_, week) => addDays(from, week * 7));

/** Whether a span of days lies in the window, at least in part. */
export const touches = (window: Window, span: Window): boolean => span.from <= window.to && span.to >= window.from;

/**
 * A header's value with parameters that mailparser can read. It takes the backslashes of a Windows path for escapes
 * and removes them (sample `filename="C:\temp\plan.pdf"`), and a comment behind a quoted parameter for part of it
 * (sample "a comment behind the boundary").
 */
export const repairParameters = (value: string): string =>
  value
    .replace(/\\(["\\])|\\/g, (found, escaped?: string) => (escaped === undefined ? '\\\\' : found))
    .replace(/("(?:[^"\\]|\\.)*")[^;"]*/g, '$1');

/**
 * Rewrites a header's parameters so that mailparser reads them correctly: it would remove the backslashes of a Windows
 * path as escapes (sample `filename="C:\temp\plan.pdf"`), and take a comment after a quoted parameter as part of it
 * (sample "a comment behind the boundary").
 */
export const repairParameters = (value: string): string =>
  value
    .replace(/\\(["\\])|\\/g, (found, escaped?: string) => (escaped === undefined ? '\\\\' : found))
    .replace(/("(?:[^"\\]|\\.)*")[^;"]*/g, '$1');

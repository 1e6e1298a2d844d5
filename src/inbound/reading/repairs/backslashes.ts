/**
 * Doubles the backslashes of a Windows path in a header's parameter, which mailparser takes for escapes and removes
 * (sample `filename="C:\temp\plan.pdf"`).
 */
export const keepBackslashes = (value: string): string =>
  value.replace(/\\(["\\])|\\/g, (found, escaped?: string) => (escaped === undefined ? '\\\\' : found));

import type { Outcome } from './messages.js';

const MARK = { passed: '✔', failed: '✖', skipped: '﹣', suite: '▶', note: 'ℹ' } as const;

/** A file's tests, as they ended: a suite stands below its tests. `cpu_ms` is the processor's time in this process. */
export function printed(file: string, outcomes: readonly Outcome[], cpu_ms: number): string {
  const lines = outcomes.filter(({ depth, kind }) => depth > 0 || kind === 'failed' || kind === 'note').map(lineOf);
  return `${file} (${(cpu_ms / 1000).toFixed(1)} s of processor time)\n${lines.join('\n')}\n\n`;
}

function lineOf({ name, depth, kind, ms, text }: Outcome): string {
  const indent = '  '.repeat(Math.max(depth, 1));
  const words = kind === 'note' ? text : `${name} (${Math.round(ms)} ms)${kind === 'skipped' ? ` # ${text}` : ''}`;
  return `${indent}${MARK[kind]} ${words}${kind === 'failed' ? `\n${text.replace(/^/gm, `${indent}  `)}` : ''}`;
}

/** What failed, with why; and what took longest, so that nobody has to look for it. */
export function summary(outcomes: readonly (Outcome & { file: string })[]): string {
  const failures = outcomes.filter(({ kind }) => kind === 'failed');
  const slowest = outcomes
    .filter(({ kind }) => kind === 'passed')
    .toSorted((a, b) => b.ms - a.ms)
    .slice(0, 15)
    .map(({ file, name, ms }) => `  ${(ms / 1000).toFixed(1).padStart(5)} s  ${file}: ${name}`);
  return [
    `Slowest:\n${slowest.join('\n')}\n`,
    ...failures.map((failure) => `Failed: ${failure.file}\n${lineOf({ ...failure, depth: 1 })}\n`),
  ].join('\n');
}

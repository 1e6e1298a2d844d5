import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { format, resolveConfig } from 'prettier';
import { root } from '../../src/config.js';
import type { Figure } from './figure.js';

// Writes the table of docs/performance.md from the bench's lines: node build/tests/bench/table.js < figures.jsonl
const file = join(root, 'docs/performance.md');
const [BEGIN, END] = ['<!-- figures -->', '<!-- /figures -->'];
const HEAD = ['figure', 'value', 'against', 'Node, ms', 'PostgreSQL, ms', 'and'];

const figures = (await text(process.stdin))
  .split('\n')
  .filter((line) => line.startsWith('{'))
  .map((line) => JSON.parse(line) as Figure);
const rows = [HEAD, HEAD.map(() => '---'), ...foldGroups(figures).map(rowOf)];
const table = rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
const page = readFileSync(file, 'utf8');
const [before, after] = [page.indexOf(BEGIN), page.indexOf(END)];
if (before < 0 || after < before) throw new Error(`${file} needs ${BEGIN} and ${END}.`);
const written = `${page.slice(0, before)}${BEGIN}\n\n${table}\n\n${page.slice(after)}`;
writeFileSync(file, await format(written, { ...(await resolveConfig(file)), filepath: file }));

/** Pages that are alike become one line: the one that grew most. */
function foldGroups(figures: Figure[]): Figure[] {
  const names = [...new Set(figures.map(({ figure, group = figure }) => group))];
  return names.flatMap((name) => {
    const alike = figures.filter(({ figure, group = figure }) => group === name);
    const [worst] = alike.toSorted((a, b) => b.value - a.value);
    return worst
      ? [alike.length > 1 ? { ...worst, figure: name, pages: alike.length, worst: worst.figure } : worst]
      : [];
  });
}

function rowOf(shown: Figure): string[] {
  const { figure, value, unit, against = '', node_ms = '', postgres_ms = '', group: _, ...others } = shown;
  const more = Object.entries(others).map(([name, value]) => `${name.replaceAll('_', ' ')} ${value}`);
  return [figure, `${value} ${unit}`, against, `${node_ms}`, `${postgres_ms}`, more.join(', ')];
}

import type { Line } from './content.js';
import { many } from './field_values.js';

/** The lines that a form ticks: `pick` and, for the alternatives of a group, `pick.` with its name; ids of lines. */
export const chosenLineIds = (fields: Record<string, unknown>): Set<string> =>
  new Set(Object.keys(fields).flatMap((name) => (/^pick(\.|$|\[)/.test(name) ? many(fields, name) : [])));

/**
 * The lines with these options ticked. Exactly one of the alternatives of a group stays picked: the one that is
 * ticked, or the one before.
 */
export function withChosenOptions(lines: Line[], picked: Set<string>): Line[] {
  const chosen = new Map(
    lines
      .filter(({ id, choice }) => choice === 'alternative' && picked.has(id))
      .map((line) => [line.group_name, line.id]),
  );
  const isPicked = (line: Line) => {
    if (line.choice === 'optional') return picked.has(line.id);
    const other = line.choice === 'alternative' ? chosen.get(line.group_name) : undefined;
    return other === undefined ? line.picked : other === line.id;
  };
  return lines.map((line) => ({ ...line, picked: isPicked(line) }));
}

import type { Line } from './content.js';
import { many } from './field_values.js';

/** The line ids that a form ticks: in `pick` and, for the alternatives of a group, in `pick.` with its name. */
export const chosenLineIds = (fields: Record<string, unknown>): Set<string> =>
  new Set(Object.keys(fields).flatMap((name) => (/^pick(\.|$|\[)/.test(name) ? many(fields, name) : [])));

/** The lines with these options picked. Of the alternatives of a group, the ticked one, or else the one before. */
export function withChosenOptions(lines: Line[], picked: Set<string>): Line[] {
  const alternatives = new Map(
    lines
      .filter(({ id, choice }) => choice === 'alternative' && picked.has(id))
      .map((line) => [line.group_name, line.id]),
  );
  const isPicked = (line: Line) => {
    if (line.choice === 'optional') return picked.has(line.id);
    const ticked = line.choice === 'alternative' ? alternatives.get(line.group_name) : undefined;
    return ticked === undefined ? line.picked : ticked === line.id;
  };
  return lines.map((line) => ({ ...line, picked: isPicked(line) }));
}

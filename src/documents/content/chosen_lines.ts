import type { Line } from './content.js';

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

import { addressesPattern, folded, namesPattern } from './name_patterns.js';

/** What is looked for when somebody is erased, and what takes its place. */
export interface Identifiers {
  people: readonly string[];
  /** As whoever erases them saw it. */
  current_name: string;
  /** With earlier ones. */
  names: readonly string[];
  addresses: readonly string[];
  replacement_name: string;
  replacement_address: string;
}

/** Replaces somebody's names and addresses. What has none of them comes back as it was. */
export interface Replacer {
  text: (text: string) => string;
  /** In all values, at any depth. */
  json: (value: unknown) => unknown;
}

/** The details of activities name a person beside their id. */
const BESIDE: Readonly<Record<string, string>> = { name: 'person_id', for: 'for_id', deputy: 'deputy_id' };

type Fields = Readonly<Record<string, unknown>>;

/**
 * In running text, full names of two words or more are replaced, and addresses; a name of one word only where it is all
 * there is. So is an earlier name that has no word of the current one: anybody can give themselves the name "Thank you".
 * Beside an id, a name is replaced if it is theirs, and stays if somebody else bears the same.
 */
export function replacerFor(identifiers: Identifiers): Replacer {
  const { people, current_name, names, addresses, replacement_name, replacement_address } = identifiers;
  const alone = new Set(names.map(folded));
  const ofNames = namesPattern(names.filter((name) => isAlike(name, current_name)));
  const ofAddresses = addressesPattern(addresses);
  const text = (given: string): string => {
    if (alone.has(folded(given))) return replacement_name;
    const without = ofAddresses ? given.replace(ofAddresses, () => replacement_address) : given;
    return ofNames ? without.replace(ofNames, () => replacement_name) : without;
  };
  const inField = (key: string, value: unknown, fields: Fields): unknown => {
    const id = fields[BESIDE[key] ?? ''];
    if (typeof value !== 'string' || typeof id !== 'string') return json(value);
    if (people.includes(id)) return replacement_name;
    return alone.has(folded(value)) ? value : text(value);
  };
  const json = (value: unknown): unknown => {
    if (typeof value === 'string') return text(value);
    if (Array.isArray(value)) return value.map(json);
    return isFields(value)
      ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, inField(key, one, value)]))
      : value;
  };
  return { text, json };
}

/** Whether two names share a word. */
function isAlike(name: string, other: string): boolean {
  const words = folded(other).split(' ');
  return folded(name)
    .split(' ')
    .some((word) => words.includes(word));
}

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

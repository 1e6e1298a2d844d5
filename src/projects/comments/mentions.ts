// Read by the server, and by the page while somebody types.

/** Somebody, or a group, whom a text can name after an @. */
interface Named {
  name: string;
}

/** A place in a text that names somebody; several, if they share the name. */
interface Mention<T> {
  start: number;
  end: number;
  found: T[];
}

/** More than anybody means. */
const MOST = 200;

const WORD = /[\p{L}\p{N}_]/u;
/** What follows a first name is perhaps another person's last name. */
const CAPITAL = /^[ \u00a0]\p{Lu}\p{L}/u;

interface Name<T> {
  words: string;
  first: boolean;
  of: T;
}

/**
 * Who is mentioned in a text: after one of the `signs`, by a full name, or by a first name. The longest name that fits
 * counts. In the order of the text.
 */
export function mentionsIn<T extends Named>(text: string, known: readonly T[], signs = '@'): Mention<T>[] {
  const names = known.flatMap(namesOf);
  const mentions: Mention<T>[] = [];
  let tried = 0;
  for (let at = 0; at < text.length && tried < MOST; at++) {
    if (!signs.includes(text.charAt(at)) || WORD.test(text.charAt(at - 1))) continue;
    tried++;
    const fits = namesAt(text, at + 1, names);
    const length = Math.max(0, ...fits.map(({ words }) => words.length));
    if (!length) continue;
    const found = fits.filter(({ words }) => words.length === length).map(({ of }) => of);
    mentions.push({ start: at, end: at + 1 + length, found: [...new Set(found)] });
    at += length;
  }
  return mentions;
}

function namesOf<T extends Named>(of: T): Name<T>[] {
  const words = plain(of.name);
  const first = words.split(' ')[0] ?? '';
  const whole = words ? [{ words, first: false, of }] : [];
  return first.length > 1 && first !== words && !('members' in of)
    ? [...whole, { words: first, first: true, of }]
    : whole;
}

const plain = (text: string) => text.replaceAll('\u00a0', ' ').toLowerCase();

function namesAt<T>(text: string, start: number, names: readonly Name<T>[]): Name<T>[] {
  const rest = plain(text.slice(start, start + 250));
  return names.filter(({ words, first }) => {
    if (!rest.startsWith(words) || WORD.test(rest.charAt(words.length))) return false;
    return !first || !CAPITAL.test(text.slice(start + words.length, start + words.length + 3));
  });
}

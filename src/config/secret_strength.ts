/** What people type for a secret when they are in a hurry. */
const WORDS = /secret|passwor[dt]|change.?me|replace|example|default|qwert|asdf|letmein|parley|random.character/i;

/** A repeated pattern of at most so many characters counts as one. */
const LONGEST_PATTERN = 16;
/** 32 random hex digits have about 115. */
const FEWEST_BITS = 90;

/** Why a secret could be guessed; null if it looks random. */
export function guessable(secret: string): string | null {
  if (WORDS.test(secret)) return 'it holds a word that is tried first';
  if (isRepeated(secret)) return 'it repeats itself';
  if (neighbours(secret) > secret.length / 3) return 'its characters follow one another';
  if (entropyPerCharacter(secret) * secret.length < FEWEST_BITS) return 'it holds too few different characters';
  return null;
}

const isRepeated = (text: string) =>
  Array.from({ length: LONGEST_PATTERN }, (_, i) => text.slice(0, i + 1)).some((pattern) =>
    pattern.repeat(Math.ceil(text.length / pattern.length)).startsWith(text),
  );

/** How many characters are next to the one before them, as in "abc" and "321". */
const neighbours = (text: string) =>
  Array.from(text).filter((character, i) => i > 0 && Math.abs(character.charCodeAt(0) - text.charCodeAt(i - 1)) === 1)
    .length;

/** In bits (Shannon). */
function entropyPerCharacter(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0);
}

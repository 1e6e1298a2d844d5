/** What a word becomes before the word that follows it. */
type Contraction = [before: RegExp, after: RegExp, becomes: string];

// Before a number such as EST-0031 nothing is left out: only before a vowel that a small letter or an accent follows.
const VOWEL = /^[aeiouâàéèêîôûAEIOUÂÀÉÈÊÎÔÛ][a-zà-ÿ’ -]/;

const CONTRACTIONS: Record<string, Contraction[]> = {
  fr: [
    [/\b([Dd])e $/, /^le /, '$1u '],
    [/(?<!\p{L})à $/u, /^le /, 'au '],
    [/(?<!\p{L})À $/u, /^le /, 'Au '],
    [/\b([Dd]|[Qq]u)e $/, VOWEL, '$1’'],
  ],
  es: [
    [/\b([Dd])e $/, /^el /, '$1el '],
    [/(?<!\p{L})([Aa]) $/u, /^el /, '$1l '],
  ],
};

/** Joins a sentence and the value of its placeholder: "de" + "le devis" is "du devis", "de" + "Olivia" "d’Olivia". */
export function joined(language: string, before: string, after: string): string {
  const found = CONTRACTIONS[language]?.find(([first, second]) => first.test(before) && second.test(after));
  if (!found) return before + after;
  const [first, second, becomes] = found;
  return before.replace(first, becomes) + (second === VOWEL ? after : after.replace(second, ''));
}

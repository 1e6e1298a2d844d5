/** A name with its structured address (type S), as it is printed and as the code says it. */
export interface QrAddress {
  name: string;
  /** With the building's number, as is allowed. */
  street: string;
  postal_code: string;
  town: string;
  country: string;
}

/** Before postal codes: letters of countries' license plates, too. */
const PREFIXES: Record<string, string> = { A: 'AT', B: 'BE', D: 'DE', F: 'FR', FL: 'LI', I: 'IT', L: 'LU' };

/** "8001 Zürich", "D-10115 Berlin" */
const PLACE = /^(?:([A-Z]{1,2})[- ])?(\d{4,5}) (\S.*)$/;

/**
 * Reads an address that is written as lines, of which the last may name the country. Null: it has no postal code and
 * town, or letters that a Swiss code can't have; or its country is unclear, since five digits are none of `home`'s.
 */
export function qrAddress(name: string, address: string, home: string): QrAddress | null {
  const lines = address.split('\n').map(qrText);
  if (lines.includes(null) || qrText(name) === null) return null;
  const written = lines.flatMap((line) => line || []);
  const named = countryNamed(written.at(-1) ?? '');
  if (named) written.pop();
  const [, prefix = '', postal_code = '', town = ''] = PLACE.exec(written.at(-1) ?? '') ?? [];
  const country = named ?? PREFIXES[prefix] ?? (prefix || (postal_code.length === 4 ? home : ''));
  if (!postal_code || country.length !== 2) return null;
  const street = written.at(-2) ?? '';
  return {
    ...{ name: (qrText(name) ?? '').slice(0, 70), street: street.slice(0, 70) },
    ...{ postal_code, town: town.slice(0, 35), country },
  };
}

/** Letters that the guidelines allow for (version 2.3, 4.1.1). */
const ALLOWED = /^[\x20-\x7e\xa0-\u017f\u0218-\u021b\u20ac]*$/;
const TYPED: Record<string, string> = {
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '„': '"',
  '–': '-',
  '—': '-',
  '‑': '-',
};

/** A line with plain quotes, dashes and spaces; null: it has other letters than a Swiss code can have. */
export function qrText(line: string): string | null {
  const plain = line
    .normalize('NFC')
    .replace(/[‘’“”„–—‑]/g, (mark) => TYPED[mark] ?? mark)
    .replace(/\s+/g, ' ')
    .trim();
  return ALLOWED.test(plain) ? plain : null;
}

let known: Map<string, string> | undefined;

/** The country that a line names in one of Switzerland's languages, in English or in Spanish. */
function countryNamed(line: string): string | undefined {
  known ??= new Map(['de', 'fr', 'it', 'en', 'es'].flatMap(countriesIn));
  return known.get(line.toLowerCase());
}

const LETTERS = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ');

function countriesIn(language: string): [string, string][] {
  const names = new Intl.DisplayNames(language, { type: 'region', fallback: 'none' });
  return LETTERS.flatMap((first) =>
    LETTERS.flatMap((second): [string, string][] => {
      const name = names.of(first + second);
      // Some codes are of the past: FX is written FR.
      const region = new Intl.Locale('und', { region: first + second }).region ?? '';
      return name ? [[name.toLowerCase(), region]] : [];
    }),
  );
}

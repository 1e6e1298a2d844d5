import { getCountrySpecifications, isValidIBAN } from 'ibantools';

/** Up to so much may stand between the words of one thought; a sentence's end ends it. */
const NEAR = '[^.!?]{0,50}';
const FEW = String.raw`(?:\w+ ){0,2}`;

/** What is one's own: "your", in each language, is about the reader's account. */
const YOURS = String.raw`(?<!\b(?:your|yours|ihre|ihrer|ihren|ihr|deine|votre|vos|su|sus|vuestra) )`;

/** Other bank details, as somebody asks for them; by language. Lower case, without accents. */
const PATTERNS: readonly (readonly [of: string, ...patterns: string[]])[] = [
  [
    'bank(?:ing)? (?:account|details|information|info|data)|iban|account (?:number|details)|routing number|sort code|(?:wire|ach|payment|remittance) (?:details|instructions)',
    `${YOURS}\\b(?:new|changed|different|updated|another|revised) ${FEW}(?:BANK)\\b`,
    `${YOURS}\\b(?:BANK)\\b${NEAR}\\b(?:changed|updated|switched|replaced|closed|moved)\\b`,
    `\\b(?:changed?|changing|switched|switching|moved|moving) (?:to )?${FEW}banks?\\b(?! (?:holiday|statement))`,
    `\\b(?:pay|payments?|transfers?|wire|send|remit)\\b${NEAR} (?:to|into) (?:this|the following|our new|the new|a new|another|a different) ${FEW}account\\b`,
  ],
  [
    'bankverbindung(?:en)?|kontoverbindung|bankdaten|bankkonto|kontonummer|kontodaten|iban',
    `${YOURS}\\b(?:neue[mnrs]?|andere[mnrs]?|geanderte[mnrs]?|aktualisierte[mnrs]?) ${FEW}(?:BANK|konto)\\b(?! im portal)`,
    `${YOURS}\\b(?:BANK)\\b${NEAR}\\b(?:geandert|gewechselt|aktualisiert|aufgelost|geschlossen|lautet (?:jetzt|nun|ab))\\b`,
    `\\bbank gewechselt\\b|\\bwechseln (?:wir )?${FEW}bank\\b`,
    `\\b(?:uberweis\\w*|zahl\\w*)\\b${NEAR} auf (?:dieses|folgendes|das folgende|unser neues|das neue|ein anderes|ein neues) ${FEW}konto\\b`,
  ],
  [
    'coordonnees bancaires|compte bancaire|rib|iban',
    `${YOURS}\\b(?:nouveau|nouveaux|nouvelles?|autres?) ${FEW}(?:BANK|compte(?! rendu)|banque)\\b`,
    `${YOURS}\\b(?:BANK)\\b${NEAR}\\b(?:chang\\w+|modifi\\w+|mis(?:es)? a jour|actualis\\w+)\\b`,
    `\\bchang\\w+ (?:de |notre )?banque\\b`,
    `\\b(?:virer|virement|verser|payer|regler)\\b${NEAR} sur (?:ce|notre nouveau|un autre|le nouveau|le) compte(?: suivant)?\\b`,
  ],
  [
    'datos bancarios|cuenta bancaria|numero de cuenta|iban',
    `${YOURS}\\b(?:nuev[oa]s?|otr[oa]s?) (?:${FEW}(?:BANK|cuenta)|banco)\\b`,
    `${YOURS}\\b(?:BANK)\\b${NEAR}\\b(?:cambi\\w+|modificad\\w+|actualizad\\w+)\\b`,
    `\\bcambi\\w+ de banco\\b`,
    `\\b(?:transf\\w+|pag\\w+|ingres\\w+)\\b${NEAR} (?:a|en) (?:esta|la siguiente|la nueva|nuestra nueva|otra) cuenta\\b`,
  ],
];

const OTHER_DETAILS = new RegExp(
  PATTERNS.flatMap(([of, ...patterns]) => patterns.map((pattern) => pattern.replaceAll('BANK', of))).join('|'),
  'u',
);

/** Lower case, without accents, on one line. */
const folded = (text: string) =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replace(/[*_>"“”„]/g, ' ')
    .replace(/\s+/g, ' ');

/** Longer texts are looked at so far: what asks for money says so early. */
const LOOKED_AT = 20_000;

/** Whether a text asks to be paid elsewhere: by words of English, German, French and Spanish. */
export const asksForOtherAccount = (text: string): boolean => OTHER_DETAILS.test(folded(text.slice(0, LOOKED_AT)));

/** The IBANs in a text, as they are compared. */
export function ibansIn(text: string): string[] {
  const found = text.slice(0, LOOKED_AT).matchAll(/\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{1,4}){2,8}/g);
  return [...found].flatMap(([candidate]) => {
    const compact = candidate.replace(/[ -]/g, '');
    // What follows in capitals may look like a part of it.
    const length = getCountrySpecifications()[compact.slice(0, 2)]?.chars ?? 0;
    const iban = compact.slice(0, length ?? 0);
    return iban && isValidIBAN(iban) ? [iban] : [];
  });
}

import type { Translate } from '../../pages/i18n.js';

interface Suspect {
  /** Whose name the message bears without coming from an address of theirs; '' if nobody's. */
  impersonates: string;
  subject: string;
  preview: string;
}

/** Other account numbers, by the words of invoices and fraud in several languages. */
const BANK = new RegExp(
  [
    String.raw`\b(?:iban|bic|swift|routing number|sort code|bank (?:account|details)|account (?:number|details))\b`,
    String.raw`\b(?:new|changed|different|other|updated) (?:bank|account)\b`,
    String.raw`bankverbindung|kontoverbindung|bankdaten|kontonummer|neue[sn]? konto`,
    String.raw`coordonnées bancaires|\brib\b|datos bancarios|cuenta bancaria|coordinate bancarie|dados bancários`,
    String.raw`bankgegevens|rekeningnummer|dane bankowe|numer konta`,
    String.raw`\b[a-z]{2}\d{2}(?: ?[a-z0-9]{4}){3,7}\b`,
  ].join('|'),
  'iu',
);

/** What staff should know before they follow a message that waits, in their language. */
export function warningsOf({ impersonates, subject, preview }: Suspect, t: Translate): string[] {
  const values = { name: impersonates };
  const bank = BANK.test(`${subject}\n${preview}`);
  return [
    ...(impersonates
      ? [
          t('Not the address we know for {{name}}.', values),
          t('Ask {{name}} in a way you already know before you do what it says.', values),
        ]
      : []),
    ...(bank
      ? [t('It mentions bank details. Check them by phone, with a number you already have, before you change or pay.')]
      : []),
  ];
}

import { asksForOtherAccount, ibansIn } from '../../input/bank_change.js';
import type { Translate } from '../../pages/i18n.js';

interface Suspect {
  /** Whose name the message bears without coming from an address of theirs; '' if nobody's. */
  impersonates: string;
  subject: string;
  preview: string;
}

/** What staff should know before they follow a message that waits, in their language. */
export function warningsOf({ impersonates, subject, preview }: Suspect, t: Translate): string[] {
  const values = { name: impersonates };
  const text = `${subject}\n${preview}`;
  const bank = asksForOtherAccount(text) || ibansIn(text).length > 0;
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

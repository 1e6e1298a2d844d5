import type { Translate } from '../pages/i18n.js';

/**
 * The sentence that somebody agrees to with their signature: shown before, kept with it, and printed on the
 * certificate.
 */
export const signingIntent = (t: Translate, document: string, partner: string): string =>
  t(
    'I sign {{document}} for {{partner}}, as it is shown here, and agree that my electronic signature binds as one by hand does.',
    {
      document,
      partner,
    },
  );

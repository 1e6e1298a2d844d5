import { z } from 'zod';
import { Invalid } from '../../errors.js';
import { weaknessOf } from '../../people/credentials/password_strength.js';
import { line, readForm, submittedText } from '../../people/form_values.js';
import type { Activation } from '../../people/invitations/take_invitation.js';
import { paragraphsOf } from '../../people/terms/terms.js';
import { i18nOf } from '../shared/layout.js';
import type { FoundInvitation } from './invited.js';
import { shownVersions } from './invitation_pages.js';

const partOfName = line(100).refine((typed) => !/^[=+\-@]/.test(typed), 'A name can’t begin with this sign.');

/** `weakness`: why the password can't be used. */
const formWith = (weakness: string | null) =>
  z.object({
    first_name: partOfName.refine(Boolean, 'Fill this in.'),
    last_name: partOfName,
    terms: line(5).refine((typed) => typed === 'on', 'Check this box to continue.'),
    seen: line(60),
    // As it was typed: spaces belong to it.
    password: z
      .string()
      .default('')
      .refine(() => weakness === null, weakness ?? ''),
  });

/** What was typed in the first step. @throws Invalid */
export async function readNames(
  { invitation, terms }: FoundInvitation,
  body: unknown,
): Promise<Pick<Activation, 'name' | 'last_name' | 'password' | 'read'>> {
  const { asks_password, email, organization } = invitation;
  const weakness = asks_password ? await weaknessOf(submittedText(body)['password'] ?? '', email) : null;
  const { first_name, last_name, seen, password } = readForm(formWith(weakness), body);
  if (seen !== shownVersions(terms))
    throw new Invalid({ terms: 'These texts have changed. Read them again, then continue.' });
  const { t } = i18nOf(invitation);
  return {
    name: [first_name, last_name].filter(Boolean).join(' '),
    last_name,
    password: asks_password ? password : null,
    read: terms.map((one) => ({ terms: one, paragraphs: paragraphsOf(one, organization, t) })),
  };
}

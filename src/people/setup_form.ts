import { z } from 'zod';
import { currency, email, line, locale, readForm, required, text, timeZone } from './form_values.js';
import type { Organization } from './organization.js';

const Setup = z.object({
  organization: required(200),
  slug: line(60),
  name: required(200),
  email,
  currency,
  locale,
  time_zone: timeZone,
  address: text(500),
  accent: line(7)
    .transform((typed) => typed.toLowerCase())
    .refine((typed) => /^(#[0-9a-f]{6})?$/.test(typed), 'Give a colour like #1f5f4f.'),
});

/** Makes a slug from a name: 'Harbor & Pine' -> 'harbor-pine'. Empty if the name has no usable characters. */
const slugOf = (name: string) =>
  name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 39)
    .replace(/^-+|-+$/g, '');

const isSlug = (slug: string) => /^[a-z0-9][a-z0-9-]{1,38}$/.test(slug);

/**
 * Parses the setup form. A missing slug is made from the organization's name; `reserved` slugs are pages of the site.
 * @throws Invalid by field
 */
export function parseSetup(
  body: unknown,
  reserved: ReadonlySet<string>,
): { organization: Omit<Organization, 'id'>; owner: { name: string; email: string } } {
  const Checked = Setup.transform((fields) => ({
    ...fields,
    slug: fields.slug.toLowerCase() || slugOf(fields.organization),
  }))
    .refine(({ slug }) => isSlug(slug), { path: ['slug'], message: 'Use 2 to 39 small letters, digits and hyphens.' })
    .refine(({ slug }) => !reserved.has(slug), {
      path: ['slug'],
      message: 'This address is a page of the site. Choose another.',
    });
  const { organization: name, name: owner, email, accent, ...fields } = readForm(Checked, body);
  return {
    organization: {
      ...fields,
      name,
      email,
      accent: accent || '#2f5d50',
      tax_number: '',
      payment_note: '',
      gateway: null,
    },
    owner: { name: owner, email },
  };
}

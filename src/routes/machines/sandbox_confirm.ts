import type { Request } from 'express';
import { z } from 'zod';
import { NotFound } from '../../errors.js';
import type { HiddenFields } from '../../pages/views/components.js';
import type { BareLayout } from '../../pages/views/layouts.js';
import { defineView, renderPage } from '../../pages/views/render.js';
import { TEST_NUMBERS } from '../../payments/gateways/sandbox/test_numbers.js';
import type { TypedMethod } from '../../payments/gateways/sandbox/typed_method.js';
import { bareLayout } from '../shared/layout.js';

/** The page on which a payer confirms a card with their bank. It posts answer: yes or no. */
interface ConfirmationInput {
  about: string;
  title: string;
  ending: string;
  action: string;
  hidden: HiddenFields;
}

export const sandboxConfirmation = defineView<ConfirmationInput, BareLayout>('machines/sandbox_confirmation');

/** What goes from the card's form to the page of its bank: how to name the card, never its number. */
const Carried = z.object({
  brand: z.string().max(40),
  last_four: z.string().regex(/^\d{4}$/),
  expires: z.string().regex(/^\d{4}-\d{2}$/),
  save: z.string().optional(),
});

const carriedOf = ({ save, shown }: TypedMethod): Record<string, string> => ({
  ...{ brand: shown.brand, last_four: shown.last_four, expires: shown.expires ?? '' },
  ...(save ? { save: 'on' } : {}),
});

/** The address of the page of a card's bank. */
export const confirmationUrl = (req: Request, typed: TypedMethod): string =>
  `${req.path}/confirm?${new URLSearchParams(carriedOf(typed))}`;

/** The card that is to be confirmed. @throws NotFound */
export function readConfirmation(carried: unknown): TypedMethod {
  const found = Carried.safeParse(carried);
  const test = TEST_NUMBERS.find(
    ({ confirm, number }) => found.success && confirm && number.endsWith(found.data.last_four),
  );
  if (!found.success || !test) throw new NotFound();
  const { save, ...shown } = found.data;
  return { test, save: save === 'on', shown: { method: 'card', ...shown } };
}

export function confirmationPage(
  req: Request,
  typed: TypedMethod,
  { about, title }: { about: string; title: (layout: BareLayout) => string },
): string {
  const layout = bareLayout(req, 'Sandbox');
  return renderPage(sandboxConfirmation, layout, {
    about,
    title: title(layout),
    ending: typed.shown.last_four,
    action: req.path,
    hidden: carriedOf(typed),
  });
}

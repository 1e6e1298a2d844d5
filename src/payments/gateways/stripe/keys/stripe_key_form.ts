import Stripe from 'stripe';
import { z } from 'zod';
import { Invalid } from '../../../../errors.js';
import { parseBy } from '../../../../input/fields.js';
import { submittedText } from '../../../../people/form_values.js';
import { openStripe, requestOptions } from '../stripe_client.js';

const key = z.string().max(200, 'Use at most 200 characters.').trim().default('');

const Typed = z.object({
  secret_key: key.refine(
    (typed) => typed === '' || /^[sr]k_(test|live)_\w{8,}$/.test(typed),
    'Enter a secret key: it begins with sk_live_ or sk_test_.',
  ),
  webhook_secret: key.refine(
    (typed) => typed === '' || /^whsec_[\w+/=-]{8,}$/.test(typed),
    'Enter a signing secret: it begins with whsec_.',
  ),
});

/** What is typed of the keys for Stripe; '' keeps the one there is. */
export type TypedStripeKeys = z.infer<typeof Typed>;

/** Parses the form. @throws Invalid by field */
export const parseStripeKeys = (body: unknown): TypedStripeKeys => parseBy(Typed, submittedText(body));

/** An account that Stripe opened by a key. */
export interface KnownAccount {
  account: string;
  livemode: boolean;
}

/** Asks Stripe whose key it is. @throws Invalid if Stripe doesn't take it, or can't be reached */
export async function askWhoseKey(secret_key: string, url: string | undefined): Promise<KnownAccount> {
  const livemode = secret_key.includes('_live_');
  const stripe = openStripe(secret_key, url);
  try {
    const { id: account } = await stripe.accounts.retrieveCurrent({}, requestOptions());
    return { account, livemode };
  } catch (error) {
    // A restricted key need not be allowed to ask that.
    if (error instanceof Stripe.errors.StripePermissionError) return { account: '', livemode };
    if (error instanceof Stripe.errors.StripeAuthenticationError)
      throw new Invalid({ secret_key: 'Stripe doesn’t accept this key. Copy it once more.' });
    if (error instanceof Stripe.errors.StripeError)
      throw new Invalid({
        form: 'Stripe can’t be reached to check the key. Nothing was saved. Try again in a minute.',
      });
    throw error;
  }
}

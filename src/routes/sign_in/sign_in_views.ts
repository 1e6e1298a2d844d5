import type { BareLayout } from '../../pages/views/layouts.js';
import { defineView } from '../../pages/views/render.js';

/** Posts email, password and return_to. */
interface PasswordInput {
  action: string;
  email: string;
  error: string | null;
  return_to: string;
  code_url: string;
}

/** Posts a code of an authenticator app, or a recovery code. */
interface SecondStepInput {
  action: string;
  error: string | null;
}

/** What a provider answered, to be sent on by the visitor's own button. */
interface ProviderInput {
  action: string;
  name: string;
}

/** A way to sign in that led nowhere. */
interface RefusedInput {
  text: string;
  sign_in_url: string;
}

export const passwordView = defineView<PasswordInput, BareLayout>('access/password');
export const secondStepView = defineView<SecondStepInput, BareLayout>('access/second_step');
export const providerView = defineView<ProviderInput, BareLayout>('access/provider');
export const refusedView = defineView<RefusedInput, BareLayout>('access/refused');

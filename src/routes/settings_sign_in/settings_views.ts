import { defineView } from '../../pages/views/render.js';
import type { SettingsSide } from '../settings/settings_side.js';
import type { Errors } from '../shared/form.js';

/** How somebody signs in. Its forms are there only after a fresh proof; without one, a form that asks for a code. */
interface SignInSettings {
  side: SettingsSide;
  url: string;
  email: string;
  fresh: boolean;
  password_changed_at: Date | null;
  passkeys: { id: string; name: string; created_at: Date; used_at: Date | null }[];
  /** Null for partners, who need no second step. */
  second_step: { since: Date | null; codes_left: number; codes_url: string | null } | null;
  /** The form that was refused (its name, '' if none was), what was typed and why. */
  form: { name: string; values: Readonly<Record<string, string>>; errors: Errors };
}

/** Sets up an authenticator app: the key, its QR code, and the code that confirms it. */
interface TotpInput {
  action: string;
  back: string;
  key: string;
  /** A data: URL. */
  qr: string;
  error: string | null;
}

interface RecoveryCodesInput {
  codes: string[];
  back: string;
}

interface DevicesInput {
  side: SettingsSide;
  url: string;
  devices: { id: string; name: string; current: boolean; ip: string; since: Date; used_at: Date; phone: boolean }[];
}

/** What the organization asks for before risky steps. Posts code_above and hold_unproven. */
interface SecurityPolicyInput {
  side: SettingsSide;
  action: string;
  currency: string;
  values: Readonly<Record<string, string | boolean>>;
  errors: Errors;
}

export const signInSettingsView = defineView<SignInSettings>('settings/sign_in');
export const totpView = defineView<TotpInput>('settings/totp');
export const recoveryCodesView = defineView<RecoveryCodesInput>('settings/recovery_codes');
export const devicesView = defineView<DevicesInput>('settings/devices');
export const securityPolicyView = defineView<SecurityPolicyInput>('settings/security_policy');

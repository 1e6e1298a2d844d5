import { withoutSecrets } from '../../input/own_secrets.js';

/** Whatever is read of a message, without the secrets of our emails in any of its texts. Bytes stay as they are. */
export function cleaned<T>(value: T): T;
export function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return withoutSecrets(value);
  if (Array.isArray(value)) return value.map((each) => cleaned<unknown>(each));
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, cleaned<unknown>(each)]));
}

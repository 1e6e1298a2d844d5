import { z } from 'zod';

const bytes = z
  .string()
  .max(20_000)
  .regex(/^[\w-]+$/);
const json = z
  .string()
  .max(60_000)
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue('not JSON');
      return z.NEVER;
    }
  });

const credential = <Response extends z.ZodObject>(response: Response) =>
  json.pipe(
    z.object({
      id: bytes,
      rawId: bytes,
      type: z.literal('public-key'),
      response,
      // Nothing of these is asked for.
      clientExtensionResults: z.unknown().transform(() => ({})),
    }),
  );

/** What a browser answers when it has made a passkey (WebAuthn Level 3, `RegistrationResponseJSON`), as JSON. */
export const RegistrationResponse = credential(
  z.object({
    clientDataJSON: bytes,
    attestationObject: bytes,
    transports: z.array(z.string().max(30)).max(10).default([]),
  }),
);

/** What a browser answers when a passkey has signed (`AuthenticationResponseJSON`), as JSON. */
export const AuthenticationResponse = credential(
  z.object({ clientDataJSON: bytes, authenticatorData: bytes, signature: bytes }),
);

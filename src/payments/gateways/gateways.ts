import type { Database } from '../../db/database.js';
import { NotFound } from '../../errors.js';
import type { Gateway } from './gateway.js';
import { sandboxGateway } from './sandbox_gateway.js';
import { stripeGateway } from './stripe/stripe_gateway.js';

/** The gateway of this name. @throws NotFound if there is none here */
export type Gateways = (name: string) => Gateway;

interface GatewayConfig {
  production: boolean;
  /** Of a stand-in for Stripe. */
  stripe_url: string | undefined;
}

/**
 * The gateways that payments may go through. The sandbox is none in production, whatever an organization has stored.
 * `secrets`: what the organizations' keys are sealed under.
 */
export function openGateways(
  db: Pick<Database, 'knex'>,
  { production, stripe_url }: GatewayConfig,
  secrets: readonly string[],
): Gateways {
  const stripe = stripeGateway({ knex: db.knex, secrets, url: stripe_url });
  const all: Record<string, Gateway> = production ? { stripe } : { stripe, sandbox: sandboxGateway(db) };
  return (name) => {
    const gateway = Object.hasOwn(all, name) ? all[name] : undefined;
    if (!gateway) throw new NotFound();
    return gateway;
  };
}

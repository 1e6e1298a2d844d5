import { z } from 'zod';
import { type GatewayEvent, PAYMENT_EVENTS } from '../../payments/gateways/gateway.js';

const told = { id: z.string().min(1).max(255), organization_id: z.uuid(), reason: z.string() };
const Event = z.union([
  z.object({
    ...told,
    type: z.enum(PAYMENT_EVENTS),
    payment_id: z.uuid(),
    amount: z.int().positive(),
    currency: z.string(),
    final: z.boolean().optional(),
  }),
  z.object({ ...told, type: z.enum(['refund.succeeded', 'refund.failed']), refund_id: z.uuid() }),
]);

/** A gateway's event, as it came; null if it is none. */
export const readGatewayEvent = (value: unknown): GatewayEvent | null => Event.safeParse(value).data ?? null;

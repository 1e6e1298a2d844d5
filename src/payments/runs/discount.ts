import Big from 'big.js';

/** A vendor's early-payment discount on a bill; `discount_until`: its last day. */
interface DiscountTerms {
  discount_percent: string;
  discount_until: string | null;
}

/**
 * What may be deducted of an open amount that is paid on a day, in minor units: half a unit is rounded up. Nothing where
 * nothing would be left to pay.
 */
export function discountOf(open: number, { discount_percent, discount_until }: DiscountTerms, paid_on: string): number {
  if (!discount_until || paid_on > discount_until || open <= 0) return 0;
  const discount = Big(open).times(discount_percent).div(100).round(0, Big.roundHalfUp).toNumber();
  return discount < open ? discount : 0;
}

import Big from 'big.js';

/**
 * Splits a whole amount by weights, so that the parts come to it: what is rounded off goes to the largest remainders.
 * Weights are not all zero.
 */
export function allot(amount: number, weights: readonly Big[]): number[] {
  const sum = weights.reduce((sum, weight) => sum.plus(weight), Big(0));
  const parts = weights.map((weight, n) => {
    const exact = weight.times(amount).div(sum);
    const whole = exact.round(0, Big.roundDown);
    return { n, whole: whole.toNumber(), rest: exact.minus(whole).abs() };
  });
  const missing = amount - parts.reduce((sum, { whole }) => sum + whole, 0);
  const raised = parts.toSorted((one, other) => other.rest.cmp(one.rest)).slice(0, Math.abs(missing));
  for (const part of raised) part.whole += Math.sign(missing);
  return parts.map(({ whole }) => whole);
}

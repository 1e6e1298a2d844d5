// The totals follow the options that are ticked on the sheet. The server counts again; this only shows it.
const sheet = () => document.querySelector('.sheet');

function show(name, value, format) {
  for (const element of document.querySelectorAll(`[data-${name}]`)) element.textContent = format.format(value);
}

/**
 * Sums of integer minor units, tax rounded once for each rate, halves away from zero: as src/documents/totals.ts
 * does.
 */
function total(lines, included) {
  const sums = new Map();
  for (const { amount, rate } of lines) sums.set(rate, (sums.get(rate) ?? 0) + amount);
  const taxes = [...sums].map(([rate, sum]) => {
    const scaled = BigInt(Math.round(rate * 1e4));
    const whole = included ? 1_000_000n + scaled : 1_000_000n;
    const twice = (2n * BigInt(sum) * scaled) / whole;
    return [rate, Number(twice < 0n ? (twice - 1n) / 2n : (twice + 1n) / 2n)];
  });
  const all = [...sums.values()].reduce((one, other) => one + other, 0);
  const tax = taxes.reduce((one, [, amount]) => one + amount, 0);
  return included ? { subtotal: all - tax, total: all, taxes } : { subtotal: all, total: all + tax, taxes };
}

function count() {
  const { sums } = sheet()?.dataset ?? {};
  if (!sums) return;
  const { fixed, currency, included, locale } = JSON.parse(sums);
  const picks = [...document.querySelectorAll('[data-pick]')];
  for (const pick of picks) pick.closest('tr').classList.toggle('off', !pick.checked);
  const ticked = picks
    .filter(({ checked }) => checked)
    .map(({ dataset }) => ({ amount: Number(dataset.amount), rate: Number(dataset.tax) }));
  const money = new Intl.NumberFormat(locale, { style: 'currency', currency });
  const { maximumFractionDigits } = money.resolvedOptions();
  const plain = new Intl.NumberFormat(locale, { minimumFractionDigits: maximumFractionDigits, maximumFractionDigits });
  const unit = 10 ** maximumFractionDigits;
  const result = total([...fixed, ...ticked], included);
  show('total', result.total / unit, money);
  show('subtotal', result.subtotal / unit, plain);
  for (const cell of document.querySelectorAll('[data-rate]')) {
    const [, amount = 0] = result.taxes.find(([rate]) => rate === Number(cell.dataset.rate)) ?? [];
    cell.textContent = plain.format(amount / unit);
  }
  for (const cell of document.querySelectorAll('[data-deposit]'))
    cell.textContent = money.format(Math.round((result.total * Number(cell.dataset.deposit)) / 100) / unit);
  carry(picks);
}

/** Whoever needs a code first finds their options again afterwards. */
function carry(picks) {
  for (const link of document.querySelectorAll('a[data-verify]')) {
    const url = new URL(link.href);
    const back = new URL(url.searchParams.get('return_to') ?? '/', location.href);
    for (const name of [...back.searchParams.keys()]) if (/^pick(\.|$)/.test(name)) back.searchParams.delete(name);
    back.searchParams.set('choices', '1');
    for (const { value, checked } of picks) if (checked) back.searchParams.append('pick', value);
    url.searchParams.set('return_to', back.pathname + back.search);
    link.href = url.href;
  }
}

document.addEventListener('change', ({ target }) => {
  if (target.matches('[data-pick]')) count();
});
// A refresh brings the total of the options that the server knows; those ticked here stay.
document.addEventListener('htmx:after:swap', count);

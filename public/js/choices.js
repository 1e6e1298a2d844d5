// The totals follow the options that are ticked on the sheet. The server counts again; this only shows it.
import { currencyDigits } from './currency.js';
import { moneyIn } from './format_money.js';
import { shareOf, taxKey, totalsOfAmounts } from './totals.js';

const sheet = () => document.querySelector('.sheet');

function show(name, text) {
  for (const element of document.querySelectorAll(`[data-${name}]`)) element.textContent = text;
}

function count() {
  const { sums } = sheet()?.dataset ?? {};
  if (!sums) return;
  const { fixed, currency, included, locale } = JSON.parse(sums);
  const picks = [...document.querySelectorAll('[data-pick]')];
  for (const pick of picks) pick.closest('tr').classList.toggle('off', !pick.checked);
  const ticked = picks
    .filter(({ checked }) => checked)
    .map(({ dataset: { amount, tax, taxes } }) => ({
      ...{ amount: Number(amount), tax_rate: tax, taxes: JSON.parse(taxes) },
    }));
  const { money, amount } = moneyIn(locale);
  const { subtotal, taxes, total } = totalsOfAmounts([...fixed, ...ticked], included);
  show('total', money(total, currency));
  show('subtotal', amount(subtotal, currency));
  const taxOf = (key) => taxes.find((tax) => taxKey(tax) === key);
  for (const cell of document.querySelectorAll('[data-tax-sum]'))
    cell.textContent = amount(taxOf(cell.dataset.taxSum)?.amount ?? 0, currency);
  for (const cell of document.querySelectorAll('[data-tax-base]'))
    cell.textContent = amount(taxOf(cell.dataset.taxBase)?.base ?? 0, currency);
  for (const cell of document.querySelectorAll('[data-deposit]'))
    cell.textContent = money(shareOf(total, cell.dataset.deposit), currency);
  const inOther = document.querySelector('[data-preferred-rate]');
  if (inOther) show('preferred', preferred(total, currency, inOther.dataset, money));
  carry(picks);
}

/** The total in the currency that the reader prefers. */
function preferred(total, currency, { preferredRate, preferredCurrency }, money) {
  const digits = currencyDigits(preferredCurrency) - currencyDigits(currency);
  return `≈ ${money(Math.round(total * preferredRate * 10 ** digits), preferredCurrency)}`;
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

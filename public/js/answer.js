// A vendor's answer, line by line: amounts and the total follow the typing. The server counts them anew when it is
// sent.
import { moneyIn } from './format_money.js';
import { lineAmount, totalsOf } from './totals.js';
import { pricedAnswer } from './typed_prices.js';

function answeredLine(row, locale) {
  const { quantity, price, discount, rate, off } = row.dataset;
  const typed = (name) => row.querySelector(`[name="line_${name}[]"]`)?.value.trim();
  const line = {
    quantity,
    unit_price: price,
    discount_percent: discount,
    tax_rate: rate,
    choice: off === undefined ? '' : 'optional',
    picked: off === undefined,
    refused: row.querySelector('[name="refused[]"]')?.checked ?? false,
  };
  return pricedAnswer(line, { quantity: typed('quantity'), price: typed('price') }, locale);
}

function count(form) {
  const { locale, currency } = form.dataset;
  const format = moneyIn(locale);
  const lines = [...form.querySelectorAll('[data-answer-line]')].map((row) => {
    const line = answeredLine(row, locale);
    row.querySelector('output').textContent = line.refused ? '–' : format.amount(lineAmount(line, currency), currency);
    return line;
  });
  const sums = totalsOf(lines, currency, form.dataset.included !== undefined);
  for (const place of document.querySelectorAll('[data-answer-sum]'))
    place.textContent = format.money(sums[place.dataset.answerSum], currency);
}

document.addEventListener('input', ({ target }) => {
  const form = target.closest('[data-answer]');
  if (form) count(form);
});

// The form of lines: rows are added and removed at once, the totals follow the typing, and the keyboard goes through
// it as through a spreadsheet. The server computes everything anew on saving. Other modules change fields and say so
// by an input event.
import { moneyIn } from './format_money.js';
import { typedTotals } from './typed_prices.js';

const field = (row, name) => row.querySelector(`[name="line_${name}[]"]`)?.value.trim() ?? '';
const rowsOf = (form) => [...form.querySelectorAll('[data-line]')];

const TYPED = ['description', 'quantity', 'price', 'discount', 'tax', 'tax_2', 'tax_3', 'choice', 'group'];
const typedIn = (row) => Object.fromEntries(TYPED.map((name) => [name, field(row, name)]));

/** The taxes to choose from, and those that the partner pays. */
const taxesIn = (form) => ({
  named: JSON.parse(form.dataset.taxes ?? '{}'),
  partner: [...form.querySelectorAll('[name="partner_taxes[]"]')].map(({ value }) => value),
});

function total(form) {
  if (!form.querySelector('[data-sum]')) return;
  const { locale, currency } = form.dataset;
  const format = moneyIn(locale);
  const rows = rowsOf(form);
  const included = form.elements['tax_included']?.checked ?? false;
  const { amounts, sums } = typedTotals(rows.map(typedIn), locale, currency, included, taxesIn(form));
  for (const [i, row] of rows.entries())
    row.querySelector('output').textContent = amounts[i] === null ? '' : format.amount(amounts[i], currency);
  for (const place of form.querySelectorAll('[data-sum]'))
    place.textContent = format.money(sums[place.dataset.sum], currency);
}

const KEPT = new Set(['line_tax[]', 'line_tax_2[]', 'line_tax_3[]', 'line_group[]']);

function addRow(form) {
  const rows = rowsOf(form);
  const last = rows.at(-1);
  const row = last.cloneNode(true);
  for (const input of row.querySelectorAll('input, textarea, select')) {
    // A copy of a select has what was selected when the page came.
    input.value = KEPT.has(input.name) ? last.querySelector(`[name="${input.name}"]`).value : '';
    input.removeAttribute('aria-invalid');
    input.removeAttribute('aria-describedby');
  }
  row.querySelectorAll('.error').forEach((error) => error.remove());
  last.after(row);
  row.querySelector('textarea').focus();
  total(form);
}

function removeRow(form, row) {
  const next = row.nextElementSibling ?? row.previousElementSibling;
  if (next) row.remove();
  else row.querySelectorAll('input, textarea').forEach((input) => (input.value = ''));
  (next ?? row).querySelector('textarea').focus();
  form.dispatchEvent(new Event('input', { bubbles: true }));
}

/** The same column of the row above or below. */
function beside(target, down) {
  const row = target.closest('[data-line]');
  const next = down ? row.nextElementSibling : row.previousElementSibling;
  next?.querySelector(`[name="${target.name}"]`)?.focus();
}

function move(form, row, down) {
  const other = down ? row.nextElementSibling : row.previousElementSibling;
  if (!other) return;
  if (down) other.after(row);
  else other.before(row);
  form.dispatchEvent(new Event('input', { bubbles: true }));
  const said = form.querySelector('.line-form').dataset.moved.replace('{{n}}', String(rowsOf(form).indexOf(row) + 1));
  document.getElementById('announce').textContent = said;
}

document.addEventListener('input', ({ target }) => {
  const form = target.closest('[data-lines]');
  if (!form) return;
  if (target.name === 'currency' && /^[A-Z]{3}$/.test(target.value)) form.dataset.currency = target.value;
  total(form);
});

document.addEventListener('click', (event) => {
  const form = event.target.closest('[data-lines]');
  if (!form) return;
  const remove = event.target.closest('[name="remove_line"]');
  if (remove) removeRow(form, remove.closest('[data-line]'));
  else if (event.target.closest('[name="add_line"]')) addRow(form);
  else return;
  event.preventDefault();
});

// Enter goes to the next row, and makes one after the last; Alt with an arrow moves the row, an arrow alone moves the
// cursor.
document.addEventListener('keydown', (event) => {
  const { target, key, altKey, shiftKey, ctrlKey, metaKey } = event;
  const form = target.closest?.('[data-lines]');
  if (!form) return;
  if (key === 'Enter' && (ctrlKey || metaKey)) form.requestSubmit(form.querySelector('.form-end [name="save"]'));
  const row = target.closest('[data-line]');
  if (!row || target.matches('select, button, summary')) return;
  const focus = target;
  if (key === 'Enter' && !shiftKey && !ctrlKey && !metaKey) {
    if (row.nextElementSibling) beside(target, true);
    else addRow(form);
  } else if (altKey && (key === 'ArrowUp' || key === 'ArrowDown')) {
    move(form, row, key === 'ArrowDown');
    focus.focus();
  } else if ((key === 'ArrowUp' || key === 'ArrowDown') && target.type !== 'date' && !target.value.includes('\n'))
    beside(target, key === 'ArrowDown');
  else return;
  event.preventDefault();
});

// The form of lines: rows are added and removed at once, the totals follow the typing, and the keyboard goes through
// it as through a spreadsheet. The server computes everything anew on saving. Other modules change fields and say so
// by an input event.
const field = (row, name) => row.querySelector(`[name="line_${name}[]"]`)?.value.trim() ?? '';
const rowsOf = (form) => [...form.querySelectorAll('[data-line]')];

/**
 * A number in the writer's language, read as the server will: "1.234,5" in German, "1,234.5" in English. What is none
 * counts as 0.
 */
function decimal(text, locale) {
  const comma = new Intl.NumberFormat(locale).format(1.5).includes(',');
  const bare = text.replace(/[\s\u00a0\u202f'’]/g, '');
  const grouped = comma ? /^-?\d{1,3}(\.\d{3})+(,\d+)?$/ : /^-?\d{1,3}(,\d{3})+(\.\d+)?$/;
  const plain = grouped.test(bare) ? bare.replaceAll(comma ? '.' : ',', '') : bare;
  return Number(comma ? plain.replace(',', '.') : plain) || 0;
}

/** Rows that count: fixed ones, options that are ticked, and of the alternatives of a heading the first. */
function counting(rows) {
  const taken = new Set();
  return rows.filter((row) => {
    const choice = field(row, 'choice');
    if (choice !== 'alternative') return choice !== 'optional_off';
    const group = field(row, 'group');
    return !taken.has(group) && taken.add(group);
  });
}

function total(form) {
  if (!form.querySelector('[data-sum]')) return;
  const { locale, currency } = form.dataset;
  const money = new Intl.NumberFormat(locale, { style: 'currency', currency });
  const digits = money.resolvedOptions().maximumFractionDigits;
  const plain = new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const round = (value) =>
    (Math.sign(value) * Math.round((Math.abs(value) + Number.EPSILON) * 10 ** digits)) / 10 ** digits;
  const included = form.elements['tax_included']?.checked;
  const rows = rowsOf(form);
  const used = new Set(counting(rows));
  const sums = new Map();
  for (const row of rows) {
    const number = (name, empty = '0') => decimal(field(row, name) || empty, locale);
    const amount = round(number('quantity', '1') * number('price') * (1 - number('discount') / 100));
    row.querySelector('output').textContent = field(row, 'description') || amount ? plain.format(amount) : '';
    if (used.has(row)) sums.set(number('tax'), (sums.get(number('tax')) ?? 0) + amount);
  }
  const all = [...sums.values()].reduce((sum, amount) => sum + amount, 0);
  const tax = [...sums].reduce(
    (sum, [rate, amount]) => sum + round((amount * rate) / (included ? 100 + rate : 100)),
    0,
  );
  const show = (name, value) => (form.querySelector(`[data-sum="${name}"]`).textContent = money.format(value));
  show('subtotal', included ? all - tax : all);
  show('tax', tax);
  show('total', included ? all : all + tax);
}

const KEPT = new Set(['line_tax[]', 'line_group[]']);

function addRow(form) {
  const rows = rowsOf(form);
  const row = rows.at(-1).cloneNode(true);
  for (const input of row.querySelectorAll('input, textarea, select')) {
    if (!KEPT.has(input.name)) input.value = '';
    input.removeAttribute('aria-invalid');
    input.removeAttribute('aria-describedby');
  }
  row.querySelectorAll('.error').forEach((error) => error.remove());
  rows.at(-1).after(row);
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
  if (!row || target.matches('select, button')) return;
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

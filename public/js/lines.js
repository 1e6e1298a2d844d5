// The invoice form: rows are added and removed at once, and the totals follow the typing. The server computes them anew on saving.
const field = (row, name) => row.querySelector(`[name="line_${name}[]"]`)?.value.trim() ?? '';

/** A number in the writer's language, read as the server will: "1.234,5" in German, "1,234.5" in English. What is none counts as 0. */
function decimal(text, locale) {
  const comma = new Intl.NumberFormat(locale).format(1.5).includes(',');
  const bare = text.replace(/[\s\u00a0\u202f'’]/g, '');
  const grouped = comma ? /^-?\d{1,3}(\.\d{3})+(,\d+)?$/ : /^-?\d{1,3}(,\d{3})+(\.\d+)?$/;
  const plain = grouped.test(bare) ? bare.replaceAll(comma ? '.' : ',', '') : bare;
  return Number(comma ? plain.replace(',', '.') : plain) || 0;
}

function total(form) {
  const { locale, currency } = form.dataset;
  const money = new Intl.NumberFormat(locale, { style: 'currency', currency });
  const digits = money.resolvedOptions().maximumFractionDigits;
  const plain = new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const round = (value) => Math.round((value + Number.EPSILON) * 10 ** digits) / 10 ** digits;
  const byRate = new Map();
  for (const row of form.querySelectorAll('[data-line]')) {
    const number = (name, empty = '0') => decimal(field(row, name) || empty, locale);
    const net = round(number('quantity', '1') * number('price') * (1 - number('discount') / 100));
    const used = field(row, 'description') || net;
    row.querySelector('output').textContent = used ? plain.format(net) : '';
    const rate = number('tax');
    byRate.set(rate, (byRate.get(rate) ?? 0) + net);
  }
  const subtotal = [...byRate.values()].reduce((sum, net) => sum + net, 0);
  const tax = [...byRate].reduce((sum, [rate, net]) => sum + round((net * rate) / 100), 0);
  const show = (name, value) => {
    form.querySelector(`[data-sum="${name}"]`).textContent = money.format(value);
  };
  show('subtotal', subtotal);
  show('tax', tax);
  show('total', subtotal + tax);
}

function addRow(form) {
  const rows = form.querySelectorAll('[data-line]');
  const row = rows[rows.length - 1].cloneNode(true);
  for (const input of row.querySelectorAll('input, textarea')) {
    if (input.name !== 'line_tax[]') input.value = '';
    input.removeAttribute('aria-invalid');
    if (input.id) input.id = `${input.id.replace(/-\d+$/, '')}-${rows.length}`;
  }
  row.querySelectorAll('.error').forEach((error) => error.remove());
  rows[rows.length - 1].after(row);
  row.querySelector('[name="line_description[]"]').focus();
  total(form);
}

function removeRow(form, row) {
  const rows = form.querySelectorAll('[data-line]');
  const next = row.nextElementSibling ?? row.previousElementSibling;
  if (rows.length === 1)
    row.querySelectorAll('input, textarea').forEach((input) => {
      input.value = '';
    });
  else row.remove();
  next?.querySelector('[name="line_description[]"]')?.focus();
  total(form);
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

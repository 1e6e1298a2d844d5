// A vendor's answer, line by line: amounts and the total follow the typing. The server counts them anew when it is
// sent.
function decimal(text, locale) {
  const comma = new Intl.NumberFormat(locale).format(1.5).includes(',');
  const [group, mark] = comma ? ['.', ','] : [',', '.'];
  const bare = text.replace(/[\s\u00a0\u202f'’]/g, '');
  const grouped = new RegExp(`^\\d{1,3}(\\${group}\\d{3})+(\\${mark}\\d+)?$`).test(bare);
  const value = Number((grouped ? bare.replaceAll(group, '') : bare).replace(mark, '.'));
  return Number.isFinite(value) ? value : 0;
}

function count(form) {
  const { locale, currency } = form.dataset;
  const included = form.dataset.included !== undefined;
  const money = new Intl.NumberFormat(locale, { style: 'currency', currency });
  const digits = money.resolvedOptions().maximumFractionDigits;
  const plain = new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const round = (value) => Math.round((value + Number.EPSILON) * 10 ** digits) / 10 ** digits;
  const byRate = new Map();
  for (const row of form.querySelectorAll('[data-answer-line]')) {
    const typed = (name, otherwise) => {
      const text = row.querySelector(`[name="line_${name}[]"]`)?.value.trim();
      return text ? decimal(text, locale) : Number(otherwise);
    };
    const refused = row.querySelector('[name="refused[]"]')?.checked ?? false;
    const net = round(
      typed('quantity', row.dataset.quantity) * typed('price', row.dataset.price) * (1 - row.dataset.discount / 100),
    );
    row.querySelector('output').textContent = refused ? '–' : plain.format(net);
    const { rate } = row.dataset;
    if (!refused) byRate.set(rate, (byRate.get(rate) ?? 0) + net);
  }
  const sum = [...byRate.values()].reduce((all, net) => all + net, 0);
  const tax = [...byRate].reduce(
    (all, [rate, net]) => all + round((net * rate) / (included ? 100 + Number(rate) : 100)),
    0,
  );
  const total = included ? sum : sum + tax;
  const sums = { subtotal: total - tax, tax, total };
  for (const place of document.querySelectorAll('[data-answer-sum]'))
    place.textContent = money.format(sums[place.dataset.answerSum]);
}

document.addEventListener('input', ({ target }) => {
  const form = target.closest('[data-answer]');
  if (form) count(form);
});

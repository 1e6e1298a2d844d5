// Rows from a spreadsheet: what is pasted with tabs or several rows of cells fills the lines from where the cursor is.
const NAMES = [
  ['description', /^(description|item|beschreibung|bezeichnung|artikel|position)$/i],
  ['quantity', /^(quantity|qty|menge|anzahl)$/i],
  ['unit', /^(unit|einheit)$/i],
  ['price', /^(price|unit price|rate|preis|einzelpreis)$/i],
  ['discount', /^(discount|discount %|rabatt|rabatt %)$/i],
  ['tax', /^(tax|tax %|vat|mwst|ust|steuer|steuer %)$/i],
  ['group', /^(group|heading|gruppe)$/i],
];
const ORDER = ['description', 'quantity', 'unit', 'price', 'discount', 'tax'];

/**
 * Tab-separated rows; a cell with quotes around it may hold tabs and line breaks, and doubled quotes for one (as
 * Excel copies).
 */
function cellsOf(text) {
  const rows = [[]];
  const cell = /(?:"((?:[^"]|"")*)"|([^\t\r\n]*))(\t|\r\n|\r|\n|$)/gy;
  for (let match = cell.exec(text); match; match = cell.exec(text)) {
    const [all, quoted, bare, end] = match;
    rows.at(-1).push((quoted?.replaceAll('""', '"') ?? bare ?? '').trim());
    if (end !== '\t') rows.push([]);
    if (end === '' || all === '') break;
  }
  return rows.filter((row) => row.some(Boolean));
}

/** Which column each cell goes to: by the names in a first row, or from where the cursor is to the right. */
function columnsOf(rows, at) {
  const named = rows[0].map((name) => NAMES.find(([, known]) => known.test(name))?.[0] ?? null);
  if (named.filter(Boolean).length > 1) return { columns: named, rows: rows.slice(1) };
  return { columns: ORDER.slice(Math.max(0, ORDER.indexOf(at))), rows };
}

function fill(form, first, text, at) {
  const { columns, rows } = columnsOf(cellsOf(text), at);
  const lines = [...form.querySelectorAll('[data-line]')];
  const start = lines.indexOf(first);
  const fitting = rows.slice(0, Math.max(0, Number(form.dataset.most) - start));
  // All new rows come at once: one after the other, each would have the whole form computed anew.
  const added = Array.from({ length: Math.max(0, start + fitting.length - lines.length) }, () =>
    blankRow(lines.at(-1)),
  );
  lines.at(-1).after(...added);
  const targets = [...lines, ...added].slice(start);
  for (const [n, cells] of fitting.entries()) fillRow(targets[n], columns, cells);
  const left = rows.length - fitting.length;
  const words = left > 0 ? form.dataset.pasted.replace('{{n}}', String(left)) : '';
  form.querySelector('[data-pasted-words]').textContent = words;
  form.dispatchEvent(new Event('input', { bubbles: true }));
}

const KEPT = new Set(['line_tax[]', 'line_tax_2[]', 'line_tax_3[]', 'line_group[]']);

/** A copy of a row with its taxes and heading alone. */
function blankRow(last) {
  const row = last.cloneNode(true);
  for (const input of row.querySelectorAll('input, textarea, select')) {
    input.value = KEPT.has(input.name) ? last.querySelector(`[name="${input.name}"]`).value : '';
    input.removeAttribute('aria-invalid');
    input.removeAttribute('aria-describedby');
  }
  row.querySelectorAll('.error').forEach((error) => error.remove());
  return row;
}

function fillRow(row, columns, cells) {
  for (const [index, value] of cells.entries()) {
    const input = columns[index] && row.querySelector(`[name="line_${columns[index]}[]"]`);
    if (!input || !value) continue;
    const typed = value.replace(/^[\s$€£¥]+|[\s$€£¥%]+$/g, '');
    if (input.matches('select')) choose(input, typed);
    else input.value = typed;
  }
}

/** The tax of this percentage; if there is none, the row keeps its own. */
function choose(select, typed) {
  const rate = Number(typed.replace(',', '.'));
  const found = [...select.options].find(({ dataset }) => dataset.rate !== undefined && Number(dataset.rate) === rate);
  if (found) select.value = found.value;
}

document.addEventListener('paste', (event) => {
  const row = event.target.closest?.('[data-lines] [data-line]');
  const text = event.clipboardData?.getData('text/plain') ?? '';
  if (!row || !text.includes('\t')) return;
  event.preventDefault();
  const at = /^line_(\w+)/.exec(event.target.name)?.[1] ?? 'description';
  fill(row.closest('form'), row, text, at);
});

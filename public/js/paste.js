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
  const { columns, rows } = columnsOf(cellsOf(text).slice(0, 500), at);
  let row = first;
  for (const cells of rows) {
    if (!row) {
      form.querySelector('[name="add_line"]').click();
      row = [...form.querySelectorAll('[data-line]')].at(-1);
    }
    for (const [index, value] of cells.entries()) {
      const input = columns[index] && row.querySelector(`[name="line_${columns[index]}[]"]`);
      if (input && value) input.value = value.replace(/^[\s$€£¥]+|[\s$€£¥%]+$/g, '');
    }
    row = row.nextElementSibling;
  }
  form.dispatchEvent(new Event('input', { bubbles: true }));
}

document.addEventListener('paste', (event) => {
  const row = event.target.closest?.('[data-lines] [data-line]');
  const text = event.clipboardData?.getData('text/plain') ?? '';
  if (!row || !text.includes('\t')) return;
  event.preventDefault();
  const at = /^line_(\w+)/.exec(event.target.name)?.[1] ?? 'description';
  fill(row.closest('form'), row, text, at);
});

// A week of hours is saved cell by cell as it is typed; the timer counts from the moment at which it was started.
const two = (n) => String(n).padStart(2, '0');

function count() {
  for (const clock of document.querySelectorAll('[data-since]')) {
    const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(clock.dataset.since)) / 1000));
    clock.textContent = `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  }
}

setInterval(count, 1000);
document.addEventListener('htmx:after:swap', count);
count();

/** What is wrong with a cell is said beside it; its text stays. */
function mark(field, error) {
  const id = `e-${field.name}`;
  const place = document.getElementById(id);
  if (!error) {
    place?.remove();
    field.removeAttribute('aria-invalid');
    field.removeAttribute('aria-describedby');
    return;
  }
  const words = place ?? Object.assign(document.createElement('span'), { id, className: 'error' });
  words.textContent = error;
  field.after(words);
  field.setAttribute('aria-invalid', 'true');
  field.setAttribute('aria-describedby', id);
}

function show(form, { total, days, rows }) {
  const sheet = form.closest('[data-week]');
  for (const place of sheet.querySelectorAll('[data-total]')) place.textContent = total;
  [...sheet.querySelectorAll('[data-day]')].forEach((place, n) => (place.textContent = days[n] ?? ''));
  for (const place of sheet.querySelectorAll('[data-row]')) {
    const row = rows[place.dataset.row];
    if (!row) continue;
    place.textContent = row.total;
    form.elements[`was:${place.dataset.row}`].value = row.was;
  }
  const note = form.querySelector('[data-saved]');
  note.textContent = note.dataset.saved;
}

/** Cells are saved one after the other, so that the last answer is of the last. */
let saving = Promise.resolve();

async function save(field) {
  const { form, name, value } = field;
  const [, work] = name.split(':');
  const body = new URLSearchParams({ week: form.elements['week'].value, [name]: value });
  body.set(`was:${work}`, form.elements[`was:${work}`].value);
  const headers = { Accept: 'application/json' };
  const answer = await fetch(form.action, { method: 'POST', body, headers }).catch(() => null);
  if (!answer || (!answer.ok && answer.status !== 422)) {
    document.dispatchEvent(new CustomEvent('note', { detail: navigator.onLine ? 'failed' : 'offline' }));
    return;
  }
  const said = await answer.json();
  if (answer.ok) {
    if (field.value === value) field.value = said.rows[work]?.cells[name] ?? value;
    field.defaultValue = field.value;
    show(form, said);
  }
  mark(field, said.errors ? (said.errors[name] ?? said.errors.form ?? Object.values(said.errors)[0]) : null);
}

document.addEventListener('change', ({ target }) => {
  if (target.matches('[data-cell]')) saving = saving.then(() => save(target));
});

// Arrows move between the cells of a column, and at the ends of a text along the row.
document.addEventListener('keydown', (event) => {
  const { target, key } = event;
  if (!target.matches?.('[data-cell]') || !key.startsWith('Arrow')) return;
  const cell = target.closest('td');
  const [row, n] = [cell.parentElement, cell.cellIndex];
  const along = key === 'ArrowLeft' ? -1 : 1;
  const atEnd = along < 0 ? target.selectionEnd === 0 : target.selectionStart === target.value.length;
  const vertical = key === 'ArrowUp' || key === 'ArrowDown';
  if (!vertical && !atEnd) return;
  const next = key === 'ArrowUp' ? row.previousElementSibling?.cells[n] : row.nextElementSibling?.cells[n];
  const field = (vertical ? next : row.cells[n + along])?.querySelector('[data-cell]');
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
});

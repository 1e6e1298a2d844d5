// The list of a project's tasks: rows are dragged by their handle, within a phase and to another one; Alt with an arrow
// does what the row's menu does. Each move is sent at once.
async function begin(list) {
  if (list.dataset.sorts) return;
  list.dataset.sorts = 'loading';
  const { default: Sortable } = await import(document.getElementById('sortable').content);
  Sortable.create(list, {
    group: 'tasks',
    handle: '[data-handle]',
    forceFallback: true,
    fallbackClass: 'lifted',
    animation: matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 120,
    onEnd: ({ item }) => dropped(item),
  });
  list.dataset.sorts = 'on';
}

/** Sends behind which row it lies now: the one above, or the phase itself. */
function dropped(row) {
  const after = row.previousElementSibling?.dataset.task ?? row.parentElement.dataset.group;
  const form = row.querySelector('[data-place]');
  if (!after || !form) return location.reload();
  const field = Object.assign(document.createElement('input'), { type: 'hidden', name: 'after', value: after });
  form.append(field);
  form.requestSubmit();
}

document.addEventListener('pointerover', ({ target }) => {
  if (!target.closest?.('[data-handle]')) return;
  for (const list of document.querySelectorAll('[data-sortable-tasks]')) void begin(list);
});

const MOVES = { ArrowUp: 'up', ArrowDown: 'down', ArrowRight: 'in', ArrowLeft: 'out' };
let moved = null;

document.addEventListener('keydown', (event) => {
  const to = event.altKey && MOVES[event.key];
  const row = to ? event.target.closest?.('.task-row') : null;
  const button = row?.querySelector(`[data-place] [value="${to}"]`);
  if (!button) return;
  event.preventDefault();
  moved = row.id;
  button.form.requestSubmit(button);
});

/** An offer to undo lasts as long as nobody has been told: ten seconds. */
const UNDO_MS = 10_000;

function offers() {
  for (const form of document.querySelectorAll('[data-undo]:not([data-timed])')) {
    form.dataset.timed = 'on';
    setTimeout(() => form.remove(), UNDO_MS);
  }
}

document.addEventListener('htmx:after:swap', () => {
  offers();
  const row = moved && document.getElementById(moved);
  if (row) row.querySelector('.task-title')?.focus();
  else document.querySelector('.task-add [autofocus]')?.focus();
  moved = null;
});
offers();

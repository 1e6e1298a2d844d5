// Staff drag the bars of a schedule or their ends, or move them by arrow keys. What comes of it fills in the form that
// moves a task, which says what it needs and sends it: without script it is the same form.
const DAY = 86_400_000;
const later = (day, days) => new Date(Date.parse(day) + days * DAY).toISOString().slice(0, 10);
const formOf = () => document.querySelector('#move-task form');

/** A handle over a bar, where the drawing shows it at its size of now. */
function place(handle) {
  const { bar, svg, by } = handle;
  const { x, y, width, day } = bar.dataset;
  const scale = svg.clientWidth / svg.viewBox.baseVal.width;
  const wide = Math.max(Number(width) + (by.end - by.start) * day, 8);
  const box = { left: Number(x) + by.start * day, top: Number(y), width: wide, height: 24 };
  for (const [name, value] of Object.entries(box)) handle.button.style[name] = `${value * scale}px`;
  handle.button.style.marginLeft = `${svg.getBoundingClientRect().left - svg.parentElement.getBoundingClientRect().left}px`;
  handle.button.style.marginTop = `${svg.getBoundingClientRect().top - svg.parentElement.getBoundingClientRect().top}px`;
}

function move(handle, start, end) {
  handle.by = { start: Math.min(start, end + span(handle)), end: Math.max(end, start - span(handle)) };
  handle.button.classList.toggle('moved', start !== 0 || end !== 0);
  place(handle);
}

const span = ({ bar }) => (Date.parse(bar.dataset.dueOn) - Date.parse(bar.dataset.startsOn)) / DAY;
const datesOf = ({ bar, by }) => [later(bar.dataset.startsOn, by.start), later(bar.dataset.dueOn, by.end)];

function say(handle) {
  const format = new Intl.DateTimeFormat(document.documentElement.lang, {
    day: 'numeric',
    month: 'long',
    timeZone: 'UTC',
  });
  const [from, to] = datesOf(handle).map((day) => format.format(new Date(day)));
  document.querySelector('[data-gantt-says]').textContent = `${handle.bar.dataset.title}: ${from} – ${to}`;
}

/** Fills in the form, and goes to what is still to be said. */
function fill(handle) {
  const form = formOf();
  const [starts_on, due_on] = datesOf(handle);
  Object.assign(form.elements['task'], { value: handle.bar.dataset.task });
  Object.assign(form.elements['starts_on'], { value: starts_on });
  Object.assign(form.elements['due_on'], { value: due_on });
  form.closest('details').open = true;
  form.scrollIntoView({ block: 'nearest' });
  form.elements['reason'].focus();
}

function onKey(handle, event) {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const { start, end } = handle.by;
  if (step) move(handle, event.shiftKey ? start : start + step, end + step);
  else if (event.key === 'Escape') move(handle, 0, 0);
  else return;
  event.preventDefault();
  say(handle);
}

function onPointer(handle, event) {
  if (event.button !== 0) return;
  const { button, bar, svg } = handle;
  const { right } = button.getBoundingClientRect();
  const atEnd = event.clientX > right - 8;
  const day = (Number(bar.dataset.day) * svg.clientWidth) / svg.viewBox.baseVal.width;
  const { start, end } = handle.by;
  button.setPointerCapture(event.pointerId);
  handle.dragged = false;
  button.onpointermove = ({ clientX }) => {
    const days = Math.round((clientX - event.clientX) / day);
    if (days) handle.dragged = true;
    move(handle, atEnd ? start : start + days, end + days);
  };
  button.onpointerup = button.onpointercancel = () => {
    button.onpointermove = null;
    if (handle.dragged) say(handle);
  };
}

function addHandle(svg, bar) {
  const button = document.createElement('button');
  const handle = { svg, bar, button, by: { start: 0, end: 0 } };
  button.type = 'button';
  button.className = 'gantt-handle';
  button.setAttribute('aria-label', bar.dataset.title);
  button.setAttribute('aria-describedby', 'gantt-keys');
  button.addEventListener('keydown', (event) => onKey(handle, event));
  button.addEventListener('pointerdown', (event) => onPointer(handle, event));
  button.addEventListener('click', () => fill(handle));
  svg.parentElement.append(button);
  return handle;
}

function begin(figure) {
  if (figure.querySelector('.gantt-handle') || !formOf()) return;
  const svg = figure.querySelector('.gantt-wide');
  const handles = [...svg.querySelectorAll('[data-task]')].map((bar) => addHandle(svg, bar));
  document.querySelector('.schedule-hint').hidden = false;
  const watch = new ResizeObserver(() => {
    if (!svg.isConnected) return watch.disconnect();
    handles.forEach(place);
  });
  watch.observe(svg);
}

const beginAll = () => document.querySelectorAll('[data-gantt]').forEach(begin);
document.addEventListener('htmx:after:swap', beginAll);
beginAll();

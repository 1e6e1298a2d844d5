// Rows of lines are dragged by their handle. The keyboard's way is in lines.js.
async function begin(body) {
  if (body.dataset.sortable) return;
  body.dataset.sortable = 'on';
  const { default: Sortable } = await import(document.getElementById('sortable').content);
  Sortable.create(body, {
    handle: '[data-handle]',
    animation: matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 120,
    onEnd: () => body.closest('form').dispatchEvent(new Event('input', { bubbles: true })),
  });
}

// Loaded when somebody comes near a handle: most pages have none.
document.addEventListener('pointerover', ({ target }) => {
  const body = target.closest?.('[data-lines] tbody');
  if (body) void begin(body);
});

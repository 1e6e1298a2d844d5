// The menu's rows are dragged by their handle; each move is sent at once, as the arrows do without a script.
async function begin(list) {
  if (list.dataset.sortable) return;
  list.dataset.sortable = 'loading';
  const { default: Sortable } = await import(document.getElementById('sortable').content);
  Sortable.create(list, {
    handle: '[data-handle]',
    // The row itself is lifted, the same in every browser and by touch.
    forceFallback: true,
    fallbackClass: 'lifted',
    animation: matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 120,
    onEnd: ({ item, oldIndex, newIndex }) => {
      if (oldIndex === newIndex) return;
      const form = list.closest('form');
      for (const [name, value] of [
        ['module', item.dataset.module],
        ['position', newIndex],
      ])
        Object.assign(form.elements[name], { value, disabled: false });
      form.requestSubmit();
    },
  });
  list.dataset.sortable = 'on';
}

document.addEventListener('pointerover', ({ target }) => {
  const list = target.closest?.('[data-modules]');
  if (list) void begin(list);
});

// What was done is announced, since the region lies outside of what is swapped.
document.addEventListener('htmx:after:swap', () => {
  const done = document.querySelector('[data-announce]')?.textContent.trim();
  if (done) document.getElementById('announce').textContent = done;
});

// A button that copies a text says so. Without scripts there is no button: the text can be selected.
document.documentElement.classList.add('js');
document.addEventListener('click', async ({ target }) => {
  const button = target.closest?.('[data-copy]');
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  button.textContent = button.dataset.copied;
});

// A password can be read while it is chosen. It is sent as one again, so that the browser offers to keep it.
function reveal(button, type) {
  const input = document.getElementById(button.dataset.reveals);
  if (input.type === type) return;
  input.type = type;
  const [words] = button.children;
  [words.textContent, words.dataset.other] = [words.dataset.other, words.textContent];
}

document.addEventListener('click', ({ target }) => {
  const button = target.closest?.('[data-reveals]');
  if (!button) return;
  const { type } = document.getElementById(button.dataset.reveals);
  reveal(button, type === 'password' ? 'text' : 'password');
});

document.addEventListener('submit', ({ target }) => {
  for (const button of target.querySelectorAll('[data-reveals]')) reveal(button, 'password');
});

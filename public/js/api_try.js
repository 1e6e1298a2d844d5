// The form of the API's page: sends one request with a token, which is kept nowhere, and shows the answer.
document.documentElement.classList.add('js');

/** Its status, the headers that matter, and what it says. */
async function shown(answer) {
  const kept = ['etag', 'link', 'location', 'ratelimit-remaining'];
  const heads = kept.flatMap((name) => (answer.headers.has(name) ? [`${name}: ${answer.headers.get(name)}`] : []));
  const isText = /json|text/.test(answer.headers.get('Content-Type') ?? '');
  const text = isText ? await answer.text() : '(a file)';
  const body = /json/.test(answer.headers.get('Content-Type') ?? '') ? JSON.stringify(JSON.parse(text), null, 2) : text;
  return [`${answer.status} ${answer.statusText}`, ...heads, '', body].join('\n');
}

async function send(form) {
  const { token, method, path, match, body } = Object.fromEntries(new FormData(form));
  const post = method === 'POST';
  const answer = await fetch(`/api/v1/${path.replace(/^\/+/, '')}`, {
    method,
    credentials: 'omit',
    headers: {
      Authorization: `Bearer ${token.trim()}`,
      ...(post ? { 'Content-Type': 'application/json' } : {}),
      ...(match ? { 'If-Match': match } : {}),
    },
    ...(post ? { body: body || '{}' } : {}),
  });
  return shown(answer);
}

document.addEventListener('submit', async (event) => {
  const form = event.target.closest('[data-api-try]');
  if (!form) return;
  event.preventDefault();
  const place = form.querySelector('[data-api-answer]');
  place.textContent = await send(form).catch((error) => String(error.message));
});

// A passkey's form asks the server what to sign, has the authenticator sign it, and posts the answer. Shown only where
// the browser knows passkeys.
const answered = new WeakSet();
const forms = () => document.querySelectorAll('form[data-passkey]');

function show() {
  if (window.PublicKeyCredential) for (const form of forms()) form.hidden = false;
}

async function library(form) {
  await import(form.dataset.library);
  return globalThis.SimpleWebAuthnBrowser;
}

async function askServer(form) {
  const response = await fetch(form.dataset.options, { method: 'POST', headers: { Accept: 'application/json' } });
  if (!response.ok || response.redirected) throw new Error('The server gives no challenge.');
  return response.json();
}

async function ask(form) {
  const { startAuthentication, startRegistration } = await library(form);
  const optionsJSON = await askServer(form);
  return form.dataset.passkey === 'add' ? startRegistration({ optionsJSON }) : startAuthentication({ optionsJSON });
}

async function answer(form, submitter) {
  const problem = form.querySelector('.error[role="alert"]');
  problem.hidden = true;
  submitter?.setAttribute('aria-disabled', 'true');
  try {
    form.elements['response'].value = JSON.stringify(await ask(form));
    answered.add(form);
    form.requestSubmit();
  } catch {
    // Cancelled, timed out, or there is none: nothing was sent.
    problem.hidden = false;
  } finally {
    submitter?.removeAttribute('aria-disabled');
  }
}

// Before the others that listen: nothing is sent until the authenticator has answered.
window.addEventListener(
  'submit',
  (event) => {
    const form = event.target;
    if (!form.matches('form[data-passkey]')) return;
    if (answered.delete(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    void answer(form, event.submitter);
  },
  true,
);

document.addEventListener('htmx:after:swap', show);
show();

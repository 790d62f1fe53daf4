/** The token lives as long as the tab, and is sent to this server only. The key is not kept. */
const TOKEN = 'drover-token';
const REFRESH = 'drover-refresh-token';
const CLIENT = 'drover-client';

const byId = (id) => document.getElementById(id);

export function authorization() {
  const token = sessionStorage.getItem(TOKEN);
  return token === null ? {} : { Authorization: `Bearer ${token}` };
}

export function forgetToken() {
  for (const name of [TOKEN, REFRESH, CLIENT]) sessionStorage.removeItem(name);
  showWho();
}

/** Old settings make the server answer with the bare token. */
async function keep(response, client) {
  const text = await response.text();
  const answer = text.startsWith('{') ? JSON.parse(text) : { access_token: text.trim() };
  sessionStorage.setItem(TOKEN, answer.access_token);
  sessionStorage.setItem(CLIENT, client);
  if (answer.refresh_token) sessionStorage.setItem(REFRESH, answer.refresh_token);
  showWho();
}

/** True: there is a new token for the old one. */
export async function refreshToken() {
  const token = sessionStorage.getItem(REFRESH);
  if (token === null) return false;
  const response = await fetch('/v1/oauth2/refresh', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ refresh_token: token }),
  });
  if (!response.ok) return false;
  await keep(response, sessionStorage.getItem(CLIENT) ?? '');
  return true;
}

/** Latin-1 is all that btoa takes. */
const basic = (client, key) => `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(`${client}:${key}`)))}`;

let asking = null;

/** Resolves when somebody has logged in. Requests at once share the question. */
export function askForLogin() {
  asking ??= new Promise((resolve) => {
    const form = document.createElement('form');
    const field = (id, label, type, autocomplete) => {
      const input = Object.assign(document.createElement('input'), { id, type, autocomplete, required: true });
      const line = document.createElement('p');
      const name = document.createElement('label');
      name.append(`${label} `, input);
      line.append(name);
      form.append(line);
      return input;
    };
    const client = field('login-client', 'Client id', 'text', 'username');
    const key = field('login-key', 'Key', 'password', 'current-password');
    const said = Object.assign(document.createElement('p'), { id: 'login-said', role: 'alert', hidden: true });
    const button = Object.assign(document.createElement('button'), { textContent: 'Log in' });
    const dialog = Object.assign(document.createElement('dialog'), { id: 'login' });
    form.append(button, said);
    dialog.append(form);
    dialog.addEventListener('cancel', (event) => event.preventDefault());
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      button.disabled = true;
      // Without `omit` the browser answers a refusal with a window of its own.
      fetch('/v1/oauth2/token', {
        method: 'POST',
        credentials: 'omit',
        headers: { Authorization: basic(client.value, key.value) },
      })
        .then(async (response) => {
          if (!response.ok)
            throw new Error(
              response.status === 401 ? 'The client id or the key is wrong.' : `The server says ${response.status}.`,
            );
          await keep(response, client.value);
          dialog.remove();
          asking = null;
          resolve();
        })
        .catch((error) => {
          said.textContent = error.message;
          said.hidden = false;
        })
        .finally(() => (button.disabled = false));
    });
    document.body.append(dialog);
    dialog.showModal();
    client.focus();
  });
  return asking;
}

/** Who is logged in, and the way out. */
function showWho() {
  const client = sessionStorage.getItem(CLIENT);
  const place = byId('who');
  place.replaceChildren();
  if (client === null) return;
  const out = Object.assign(document.createElement('button'), { id: 'logout', type: 'button', textContent: 'Log out' });
  out.addEventListener('click', () => {
    forgetToken();
    location.reload();
  });
  place.append(`${client} `, out);
}

showWho();

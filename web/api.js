// Calls to the server, which is the one this page came from.

const storageKey = 'stint-token';
const asked = new EventTarget();

export class APIError extends Error {
  constructor(message, code = 0, subcode = 0) {
    super(message);
    this.code = code;
    this.subcode = subcode;
  }
}

export const signedIn = () => sessionStorage.getItem(storageKey) !== null;
const useToken = (token) => sessionStorage.setItem(storageKey, token);

/** Forgets the token and tells the page, which then asks for credentials. */
export function signOut() {
  sessionStorage.removeItem(storageKey);
  asked.dispatchEvent(new Event('credentials'));
}

/** Calls `listener` whenever credentials are missing or no longer good. */
export const onSignedOut = (listener) => asked.addEventListener('credentials', listener);

export async function signIn(key, secret) {
  const pair = new TextEncoder().encode(`${key}:${secret}`);
  const data = await send('auth.login', {}, `Basic ${btoa(String.fromCharCode(...pair))}`);
  useToken(data.token);
}

/** Takes a token from elsewhere, and trades it for one of its own; the server then knows this browser's links too. */
export async function adoptToken(token) {
  useToken(token);
  useToken((await call('auth.login')).token);
}

/** Calls `service.action` and gives its `data`. A refused token signs out. */
export async function call(name, body = {}, signal = undefined) {
  const token = sessionStorage.getItem(storageKey);
  try {
    return await send(name, body, `Bearer ${token}`, signal);
  } catch (error) {
    if (error.code === 401 && token === sessionStorage.getItem(storageKey)) signOut();
    throw error;
  }
}

async function send(name, body, authorization, signal) {
  let answer;
  try {
    answer = await fetch(`/api/${name}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: authorization },
      body: JSON.stringify(body),
      cache: 'no-store',
      signal,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new APIError('The server does not answer. Is it running?');
  }
  const envelope = await answer.json().catch(() => null);
  if (answer.ok && envelope?.data) return envelope.data;
  const { result_msg: text, result_subcode: subcode } = envelope?.meta ?? {};
  throw new APIError(text || `The server answered ${answer.status} to ${name}.`, answer.status, subcode);
}

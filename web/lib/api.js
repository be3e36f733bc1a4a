// Calls to the server, which is the one this page came from. The browser keeps the token, in a cookie that no script
// can read; the header tells the server that it is this page that asks.

import { noteTime } from './clock.js';

const asked = new EventTarget();
const page = { 'X-Stint-Page': '1' };

export class APIError extends Error {
  constructor(message, code = 0, subcode = 0) {
    super(message);
    this.code = code;
    this.subcode = subcode;
  }
}

/** Calls `listener` whenever nobody is signed in any more, with whether that was wanted. */
export const onSignedOut = (listener) => asked.addEventListener('credentials', ({ detail }) => listener(detail));

const tellSignedOut = (isWanted) => asked.dispatchEvent(new CustomEvent('credentials', { detail: isWanted }));

/** How one can sign in, and whether somebody is. */
export const signInModes = () => send('login.supported_modes', {}, page);

export async function signIn(name, secret) {
  const pair = new TextEncoder().encode(`${name}:${secret}`);
  await send('auth.login', {}, { ...page, Authorization: `Basic ${btoa(String.fromCharCode(...pair))}` });
}

/** Signs in with the code of a link from the terminal. */
export async function useLink(code) {
  await send('login.use_link', { code }, page);
}

export async function signOut() {
  await send('login.logout', {}, page);
  tellSignedOut(true);
}

/** What was asked before the code was there that wants it. */
let ahead = null;

/** Asks what is asked for soon: the next call of this name takes the answer, if it asks just this. */
export function askAhead(name, body) {
  ahead = { name, question: JSON.stringify(body), answer: send(name, body, page) };
  // Told to whoever takes it.
  ahead.answer.catch(() => {});
  return ahead.answer;
}

function answerAhead(name, body) {
  if (ahead?.name !== name) return undefined;
  const { question, answer } = ahead;
  ahead = null;
  return question === JSON.stringify(body) ? answer : undefined;
}

/** Calls `service.action` and gives its `data`. */
export async function call(name, body = {}, signal = undefined) {
  try {
    return await (answerAhead(name, body) ?? send(name, body, page, signal));
  } catch (error) {
    if (error.code === 401) tellSignedOut(false);
    throw error;
  }
}

async function send(name, body, headers, signal) {
  let answer;
  try {
    answer = await fetch(`/api/${name}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
      cache: 'no-store',
      signal,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new APIError('The server does not answer. Is it running?');
  }
  noteTime(answer.headers.get('Date'));
  const envelope = await answer.json().catch((error) => {
    if (signal?.aborted) throw error;
    return null;
  });
  if (answer.ok && envelope?.data) return envelope.data;
  const { result_msg: text, result_subcode: subcode } = envelope?.meta ?? {};
  throw new APIError(sentence(text || `The server answered ${answer.status} to ${name}`, answer.status), answer.status, subcode);
}

/** What went wrong; what the server itself failed at, it tells its owner. */
const sentence = (text, status) =>
  (status < 500 ? text : `${text.replace(/[.\s]+$/, '')}. Try again in a moment; the server’s log says more.`);

// Asking who somebody is: an access key and its secret, or the password of a user.

import { APIError, signIn } from '../lib/api.js';
import { h } from '../lib/dom.js';

/** `reason` is why one is asked, if that needs a word. */
export function login(modes, reason, signedIn) {
  const takesPasswords = modes?.basic?.enabled === true;
  const name = h('input', {
    id: 'key', name: 'username', autocomplete: 'username', required: true, spellcheck: 'false', autocapitalize: 'off',
  });
  const secret = h('input', {
    id: 'secret', name: 'password', type: 'password', autocomplete: 'current-password', required: true,
  });
  const problem = h('p', { class: 'problem', role: 'alert', hidden: !reason }, reason);
  const button = h('button', { class: 'primary wide' }, 'Sign in');

  async function submit(event) {
    event.preventDefault();
    button.disabled = true;
    problem.hidden = true;
    try {
      await enter();
      signedIn();
    } catch (error) {
      problem.textContent = error instanceof APIError && error.code === 401
        ? 'These two do not belong together. Check both.'
        : error.message;
      problem.hidden = false;
      secret.select();
    } finally {
      button.disabled = false;
    }
  }

  /** Takes a password as it was typed, and a secret that was pasted with blanks around it. */
  async function enter() {
    const pasted = secret.value.trim();
    try {
      await signIn(name.value.trim(), secret.value);
    } catch (error) {
      if (error.code !== 401 || pasted === secret.value) throw error;
      await signIn(name.value.trim(), pasted);
    }
  }

  return h('section', { class: 'login' },
    h('img', { src: '/icon.svg', alt: '', width: 44, height: 44 }),
    h('h1', {}, 'Sign in to Stint'),
    h('form', { class: 'card', onsubmit: submit },
      h('label', { for: 'key' }, takesPasswords ? 'User name, or access key' : 'Access key'), name,
      h('label', { for: 'secret' }, takesPasswords ? 'Password, or secret key' : 'Secret key'), secret,
      problem, button),
    h('p', { class: 'muted' }, 'A link from a terminal signs you in, too: ', h('code', {}, 'stint user link'),
      '. An access key and its secret are in ', h('code', {}, 'clearml.conf'), ' in the server’s data folder.'));
}

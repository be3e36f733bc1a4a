// Asking for an access key and its secret.

import { APIError, signIn } from './api.js';
import { h } from './dom.js';

export function login(signedIn) {
  const key = h('input', {
    id: 'key', name: 'username', autocomplete: 'username', required: true, spellcheck: 'false', autocapitalize: 'off',
  });
  const secret = h('input', {
    id: 'secret', name: 'password', type: 'password', autocomplete: 'current-password', required: true,
  });
  const problem = h('p', { class: 'problem', role: 'alert', hidden: true });
  const button = h('button', { class: 'primary wide' }, 'Sign in');

  async function submit(event) {
    event.preventDefault();
    button.disabled = true;
    problem.hidden = true;
    try {
      await signIn(key.value.trim(), secret.value.trim());
      signedIn();
    } catch (error) {
      problem.textContent = error instanceof APIError && error.code === 401
        ? 'This access key and secret do not belong together. Check both.'
        : error.message;
      problem.hidden = false;
      secret.select();
    } finally {
      button.disabled = false;
    }
  }

  return h('section', { class: 'login' },
    h('img', { src: '/icon.svg', alt: '', width: 44, height: 44 }),
    h('h1', {}, 'Sign in to Stint'),
    h('form', { class: 'card', onsubmit: submit },
      h('label', { for: 'key' }, 'Access key'), key,
      h('label', { for: 'secret' }, 'Secret key'), secret,
      problem, button),
    h('p', { class: 'muted' }, 'The server printed both when it first started, and wrote them to ',
      h('code', {}, 'clearml.conf'), ' in its data folder.'));
}

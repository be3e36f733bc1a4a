// Who is signed in, the access keys for programs, and what they put into clearml.conf.

import { call } from '../lib/api.js';
import { ask, tell } from '../lib/dialog.js';
import { empty, facts, h, iconButton, refresh } from '../lib/dom.js';
import { copy } from '../lib/files.js';
import { ago } from '../lib/format.js';
import { eventually, toast } from '../lib/poll.js';
import { configuration } from './snippet.js';

export function settings(route, signal) {
  document.title = 'Settings · Stint';
  const about = h('section', { class: 'card' });
  const keys = h('div');
  eventually(signal, load);

  async function load() {
    const [{ user }, { credentials }, server] = await Promise.all([
      call('users.get_current_user', {}, signal), call('auth.get_credentials', {}, signal), call('server.info', {}, signal),
    ]);
    if (signal.aborted) return;
    refresh(about, [user, server], () => [h('div', { class: 'card-heading' }, h('h2', {}, 'You'),
      h('button', { type: 'button', class: 'end', onclick: password }, 'Set a password…')), facts([
      ['Name', user.name], ['Role', user.role], ['Id', h('code', {}, user.id)], ['Server', `Stint ${server.version}`],
      ['API', server.addresses?.api && h('code', {}, server.addresses.api)], ['Files', server.addresses?.files && h('code', {}, server.addresses.files)],
    ])]);
    refresh(keys, credentials, () => (credentials.length === 0 ? empty('No access keys', 'Create one for the SDK or an agent.')
      : h('div', { class: 'scroll' }, h('table', { class: 'keys' },
        h('thead', {}, h('tr', {}, ['Access key', 'Label', 'Last used'].map((title) => h('th', { scope: 'col' }, title)), h('td'))),
        h('tbody', {}, credentials.map((key) => h('tr', {},
          h('td', {}, h('code', {}, key.access_key)), h('td', {}, key.label || h('span', { class: 'muted' }, 'none')),
          h('td', { class: 'muted' }, key.last_used ? ago(key.last_used) : '–'),
          h('td', {}, iconButton('edit', `Label ${key.access_key}`, () => label(key)), iconButton('close', `Revoke ${key.access_key}`, () => revoke(key))))))))));
  }

  function create() {
    const name = h('input', { id: 'key-label', placeholder: 'my laptop', maxlength: 100 });
    ask({
      title: 'New access key', verb: 'Create', content: [h('label', { for: 'key-label' }, 'Label'), name],
      run: async () => {
        const { credentials } = await call('auth.create_credentials', { label: name.value.trim() });
        await load();
        const text = await configuration(credentials);
        setTimeout(() => tell('Your new access key', [
          h('p', {}, 'The secret is shown only now. Put this into ', h('code', {}, '~/clearml.conf'), ':'),
          h('div', { class: 'block' }, iconButton('copy', 'Copy', () => copy(text, 'Configuration')), h('pre', { tabindex: 0 }, text)),
        ], { wide: true, isOnce: true }));
      },
    });
  }

  function label(key) {
    const name = h('input', { id: 'key-label', value: key.label ?? '', maxlength: 100 });
    ask({
      title: 'Label', verb: 'Save', content: [h('label', { for: 'key-label' }, `What ${key.access_key} is for`), name],
      run: async () => {
        await call('auth.edit_credentials', { access_key: key.access_key, label: name.value.trim() });
        await load();
      },
    });
  }

  function revoke(key) {
    ask({
      title: 'Revoke this key?', verb: 'Revoke', style: 'danger',
      content: h('p', {}, `Programs that use ${key.label || key.access_key} can no longer sign in.`),
      run: async () => {
        await call('auth.revoke_credentials', { access_key: key.access_key });
        toast('Key revoked');
        await load();
      },
    });
  }

  function password() {
    const field = (id, title, props) => [h('label', { for: id }, title), h('input', { id, ...props })];
    const value = (id) => document.getElementById(id).value;
    ask({
      title: 'Set a password', verb: 'Save',
      content: [
        h('p', { class: 'muted' }, 'With a user name and a password you can sign in to this page without an access key.'),
        field('login-name', 'User name', { autocomplete: 'username', placeholder: 'As it was, or your name', maxlength: 100 }),
        field('old-password', 'Present password, if there is one', { type: 'password', autocomplete: 'current-password' }),
        field('new-password', 'New password', { type: 'password', autocomplete: 'new-password', required: true, minlength: 8 }),
      ],
      run: async () => {
        await call('auth.set_password', {
          username: value('login-name').trim() || null, old_password: value('old-password') || null, password: value('new-password'),
        });
        toast('Password set');
      },
    });
  }

  return {
    element: h('article', { class: 'stack' }, h('div', { class: 'heading' }, h('h1', {}, 'Settings')), about,
      h('section', { class: 'card' }, h('div', { class: 'card-heading' }, h('h2', {}, 'Access keys'),
        h('button', { type: 'button', class: 'primary end', onclick: create }, 'New access key')),
      h('p', { class: 'muted' }, 'Programs sign in with an access key and its secret.'), keys)),
  };
}

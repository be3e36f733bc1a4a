// Dialogs that ask, and menus.

import { findLater, h, icon, present } from './dom.js';
import { reason } from './poll.js';

/** Opens a dialog that stays open, with the reason, when `run` fails. */
export function ask({ title, content, verb, style = 'primary', run, wide = false }) {
  const problem = h('p', { class: 'problem', role: 'alert', hidden: true });
  const go = h('button', { class: style }, verb);
  const form = h('form', { onsubmit: submit }, content, problem,
    h('div', { class: 'actions' }, h('button', { type: 'button', onclick: () => dialog.close() }, 'Cancel'), go));
  const dialog = newDialog(title, { wide }, form);
  let wasSignedOut = false;

  async function submit(event) {
    event.preventDefault();
    const focused = document.activeElement;
    go.disabled = true;
    problem.hidden = true;
    try {
      await run();
      end();
    } catch (error) {
      // It is done, but the view that asked is not there any more to show it.
      if (error.name === 'AbortError') return void end();
      wasSignedOut ||= error.code === 401;
      problem.replaceChildren(...(error.code === 401 ? signInElsewhere(verb) : [reason(error)]));
      problem.hidden = false;
      go.disabled = false;
      focused.focus();
    }
  }

  function end() {
    dialog.close();
    if (wasSignedOut) location.reload();
  }

  show(dialog);
  return dialog;
}

/** What was typed stays where it is until somebody is signed in again. */
const signInElsewhere = (verb) => [
  'You are signed out. ', h('a', { href: '/', target: '_blank' }, 'Sign in in another tab'), `, then choose “${verb}” again.`,
];

/** Opens a dialog that shows something; with `isOnce`, what is not shown again: a press beside it closes nothing. */
export function tell(title, content, { wide = false, large = false, isOnce = false, onclose = () => {} } = {}) {
  const dialog = newDialog(title, { wide, isOnce }, h('div', { class: 'dialog-body' }, content),
    h('button', {
      type: 'button', class: 'icon-button dialog-close', 'aria-label': 'Close', autofocus: true, onclick: () => dialog.close(),
    }, icon('close')));
  if (large) dialog.classList.add('large');
  dialog.addEventListener('close', onclose);
  show(dialog);
  return dialog;
}

function newDialog(title, { wide, isOnce = false }, ...content) {
  let isOutside = false;
  const dialog = h('dialog', {
    'aria-labelledby': 'dialog-title', class: wide ? 'wide' : '',
    onclose: () => dialog.remove(),
    // Not where text was selected to beyond the edge, and not over what was typed.
    onpointerdown: (event) => {
      isOutside = !holds(dialog, event);
    },
    onclick: (event) => isOutside && !isOnce && !holds(dialog, event) && !isChanged(dialog) && dialog.close(),
  }, h('h2', { id: 'dialog-title' }, title), content);
  return dialog;
}

function holds(dialog, { target, clientX: x, clientY: y }) {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  return target !== dialog || (x >= left && x <= right && y >= top && y <= bottom);
}

const isChanged = (dialog) => [...dialog.querySelectorAll('input, textarea')].some(({ value, defaultValue }) => value !== defaultValue);

function show(dialog) {
  // A dialog belongs to the view from which it was opened.
  const leave = () => dialog.close();
  addEventListener('hashchange', leave, { once: true });
  const opener = document.activeElement;
  const find = opener && opener !== document.body ? findLater(opener) : () => null;
  dialog.addEventListener('close', () => {
    removeEventListener('hashchange', leave);
    // What opened it may have been drawn anew meanwhile, or be gone with what was done.
    if (document.activeElement === document.body) (find() ?? document.getElementById('main')).focus({ preventScroll: true });
  });
  document.body.append(dialog);
  dialog.showModal();
}

/**
 * A button that opens a menu. `items` is called at each opening and gives, or promises, `{title, run, style, checked}`
 * or `null` for a line; nothing where there is none.
 */
export function menuButton(content, label, items, props = {}) {
  const button = h('button', {
    type: 'button', 'aria-haspopup': 'menu', 'aria-expanded': 'false', 'aria-label': label, title: label, ...props,
    // The press that closes an open menu is not one that opens it.
    onpointerdown: () => {
      wasOpen = button.getAttribute('aria-expanded') === 'true';
    },
    onclick: async () => {
      const isClosing = wasOpen;
      wasOpen = false;
      const list = !isClosing && await items();
      if (list) openMenu(button, list);
    },
  }, content);
  let wasOpen = false;
  return button;
}

function openMenu(button, items) {
  const find = findLater(button);
  const menu = h('div', { class: 'menu', role: 'menu', 'aria-label': button.getAttribute('aria-label'), popover: 'auto', onkeydown: (event) => step(event, menu) },
    present(items.map((item) => {
      if (item === null) return h('hr');
      if (!item) return false;
      const isChoice = item.checked !== undefined;
      return h('button', {
        type: 'button', role: isChoice ? 'menuitemradio' : 'menuitem', class: item.style ?? '', disabled: item.disabled,
        'aria-checked': isChoice ? String(item.checked) : null,
        onclick: () => {
          menu.hidePopover();
          item.run();
        },
      }, isChoice && h('span', { class: 'tick' }, item.checked && icon('check')), item.title);
    })));
  menu.addEventListener('toggle', ({ newState }) => {
    button.setAttribute('aria-expanded', String(newState === 'open'));
    if (newState === 'open') return;
    if (menu.contains(document.activeElement) || document.activeElement === document.body) find()?.focus();
    menu.remove();
  });
  (button.closest('dialog') ?? document.body).append(menu);
  menu.showPopover();
  const { left, right, bottom, top } = button.getBoundingClientRect();
  const fitsBelow = bottom + menu.offsetHeight + 8 < innerHeight;
  menu.style.top = `${fitsBelow ? bottom + 4 : Math.max(8, top - menu.offsetHeight - 4)}px`;
  menu.style.left = `${Math.max(8, Math.min(left, innerWidth - menu.offsetWidth - 8, Math.max(8, right - menu.offsetWidth)))}px`;
  if (left + menu.offsetWidth < innerWidth - 8 && left < innerWidth / 2) menu.style.left = `${left}px`;
  menu.querySelector('button:not(:disabled)')?.focus();
}

/** A list of choices named `label` that `button` opens and closes; `opening` fills it, an `autofocus` in it is obeyed. */
export function dropdown(button, label, opening) {
  const list = h('div', {
    class: 'menu checks', popover: 'auto', role: 'group', 'aria-label': label,
    onbeforetoggle: ({ newState }) => newState === 'open' && opening(list),
    ontoggle: ({ newState }) => {
      button.setAttribute('aria-expanded', String(newState === 'open'));
      const { left, bottom } = button.getBoundingClientRect();
      list.style.top = `${bottom + 4}px`;
      list.style.left = `${Math.max(8, Math.min(left, innerWidth - list.offsetWidth - 8))}px`;
    },
  });
  button.popoverTargetElement = list;
  button.setAttribute('aria-haspopup', 'true');
  button.setAttribute('aria-expanded', 'false');
  return list;
}

function step(event, menu) {
  if (event.key === 'Tab') return menu.hidePopover();
  const buttons = [...menu.querySelectorAll('button:not(:disabled)')];
  const at = buttons.indexOf(document.activeElement);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  if (next === undefined) return undefined;
  event.preventDefault();
  return buttons.at(next % buttons.length).focus();
}

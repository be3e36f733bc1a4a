// Links to the parts of a view, in a row that scrolls where it is too long.

import { h } from './dom.js';

/** `tabs` are `{name: {title}}`; `hrefOf` gives a tab's address. */
export function tabBar(label, tabs, hrefOf) {
  const element = h('nav', { class: 'tabs', 'aria-label': label }, Object.entries(tabs).map(([name, { title }]) =>
    h('a', { href: hrefOf(name), 'data-tab': name }, title)));

  function select(name) {
    for (const link of element.children) {
      if (link.dataset.tab === name) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
    // Once it is part of the page.
    requestAnimationFrame(() =>
      element.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' }));
  }

  return { element, select };
}

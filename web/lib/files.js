// Files that tasks uploaded to this server's file store, and text that the user takes along.

import { call } from './api.js';
import { toast } from './poll.js';

let server = null;

/** The server's addresses for clients, as `{api, web, files}`. */
export async function addresses() {
  server ??= call('server.info').then(({ addresses: known }) => known ?? null);
  return server.catch(() => {
    server = null;
    return null;
  });
}

/**
 * Where this page gets a file from: through its own port when the file lies in this server's store. Otherwise the
 * address as it is, if it is one of the web, or null.
 */
export async function located(uri) {
  const known = await addresses();
  if (!/^https?:/i.test(uri) || !URL.canParse(uri)) return null;
  // As it is once it is asked for: with nothing in it that leads out of the store.
  const { href } = new URL(uri);
  const store = known?.files ? new URL(`${known.files}/`).href : null;
  return store && href.startsWith(store) ? { href: `/files/${href.slice(store.length)}`, isOwn: true } : { href: uri, isOwn: false };
}

/** Hands the browser some text, or an address, as a file. */
export function save(name, content, type = 'text/plain') {
  const isAddress = typeof content === 'string' && /^(data|blob):/.test(content);
  const url = isAddress ? content : URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  if (!isAddress) setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

export async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without TLS browsers give pages no clipboard.
    const area = document.createElement('textarea');
    area.value = text;
    (document.querySelector('dialog[open]') ?? document.body).append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  toast(`${what} copied`);
}

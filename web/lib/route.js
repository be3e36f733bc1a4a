// The address: `#/view/id/tab?name=value`.

/** The address as parts. */
export function currentRoute() {
  const [path, query] = location.hash.replace(/^#\/?/, '').split('?');
  const [view = '', id, tab] = path.split('/').map(decoded);
  return { view, id, tab, query: new URLSearchParams(query) };
}

export function address(view, id, tab, query = {}) {
  const path = [view, id, tab].filter(Boolean).map(encodeURIComponent).join('/');
  const asked = query instanceof URLSearchParams ? query : new URLSearchParams(query);
  return `#/${path}${asked.size ? `?${asked}` : ''}`;
}

/** Changes what the address says of the view that is shown, without going anywhere. */
export const rename = (href) => history.replaceState(null, '', href);

/** Opens a view, as a link would. */
export function open(href) {
  location.hash = href;
}

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

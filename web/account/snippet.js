// What clients need to know of this server.

import { addresses } from '../lib/files.js';

/** The text of a clearml.conf with an access key. */
export async function configuration({ access_key: key, secret_key: secret }) {
  const known = await addresses();
  const here = location.origin;
  return `api {
  web_server: "${known?.web ?? here}"
  api_server: "${known?.api ?? `${here}/api`}"
  files_server: "${known?.files ?? `${here}/files`}"
  credentials {
    access_key: "${key}"
    secret_key: "${secret}"
  }
}
`;
}

/** Client id and key of Basic credentials; null for anything else. */
export function basicOf(header: string | undefined): [string, string] | null {
  const encoded = /^Basic\s+([A-Za-z0-9+/=_-]+)$/i.exec(header?.trim() ?? '')?.[1];
  const decoded = encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString();
  const at = decoded.indexOf(':');
  return at < 0 ? null : [decoded.slice(0, at), decoded.slice(at + 1)];
}

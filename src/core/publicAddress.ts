/** @file Addresses as they may be shown and kept: without what only those who use them may know. */

/** An address without user, password, query and fragment, any of which may hold a secret; what is no address stays as it is. */
export function publicAddress(address: string): string {
  if (!/^[a-z][a-z0-9+.-]*:\/\//iu.test(address)) return address;
  const [, scheme, rest] = /^([^:]+:\/\/)(.*)$/su.exec(address)!;
  const [place] = rest.split(/[?#]/u);
  const slash = place.indexOf("/");
  const [host, path] = slash < 0 ? [place, ""] : [place.slice(0, slash), place.slice(slash)];
  return `${scheme}${host.slice(host.lastIndexOf("@") + 1)}${path}`;
}

/** A text of another program that may repeat an address, with the public one in its place. */
export function withoutSecrets(text: string, address: string): string {
  return text.replaceAll(address, publicAddress(address));
}

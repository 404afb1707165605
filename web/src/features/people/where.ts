// Where to go after signing in, and what a link's secret is: it stands behind "#", which no server
// on the way writes down.
export function backTo(to: unknown): string {
  return typeof to === "string" && /^\/(?![/\\])/.test(to) ? to : "/";
}

// "#t=abc" and "#abc" -> "abc"
export function secretOf(hash: string): string {
  const text = hash.replace(/^#/, "");
  return text.startsWith("t=") ? text.slice(2) : text;
}

// "#factor=<ticket>&to=<path>": an identity provider has vouched, the second factor is wanted. The
// path is the last, as it is.
export function factorOf(hash: string): { ticket: string; to: string } | null {
  const found = /^#factor=([\w-]+)(?:&to=(.*))?$/.exec(hash);
  return found ? { ticket: found[1] ?? "", to: backTo(found[2]) } : null;
}

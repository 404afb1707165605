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

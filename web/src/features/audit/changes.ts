// What an entry says of before and after: two small objects of texts, side by side.
export interface Change {
  name: string;
  before: string;
  after: string;
}

function read(json: string): Record<string, string> {
  if (json === "") return {};
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return { "": json };
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, typeof one === "string" ? one : JSON.stringify(one)]));
  } catch {
    return { "": json };
  }
}

export function changesOf(before: string, after: string): Change[] {
  const old = read(before);
  const fresh = read(after);
  const names = [...new Set([...Object.keys(old), ...Object.keys(fresh)])];
  return names.map((name) => ({ name, before: old[name] ?? "", after: fresh[name] ?? "" }));
}

// Nothing found by that number: which one on record may be meant? One wrong digit, two neighbours
// swapped, one left out or one too many.
export function isNear(typed: string, other: string): boolean {
  if (typed === other || Math.abs(typed.length - other.length) > 1) return false;
  let start = 0;
  while (start < typed.length && typed[start] === other[start]) start++;
  const rest = (text: string, skip: number) => text.slice(start + skip);
  if (typed.length === other.length) {
    const swapped = typed[start] === other[start + 1] && typed[start + 1] === other[start];
    return rest(typed, 1) === rest(other, 1) || (swapped && rest(typed, 2) === rest(other, 2));
  }
  return typed.length > other.length ? rest(typed, 1) === rest(other, 0) : rest(typed, 0) === rest(other, 1);
}

// What to look for: the first digits, short enough that a slip further back does not matter.
export function nearPrefix(typed: string): string {
  return typed.length >= 8 ? typed.slice(0, Math.floor(typed.length * 0.6)) : "";
}

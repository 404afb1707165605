// What many events ask for, done at once and then at most once each `ms` while they keep coming;
// never before an event, always after the last.
export function paced(ms: number, act: () => void): () => void {
  let last = -Infinity;
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    const wait = Math.max(0, last + ms - performance.now());
    setTimeout(() => {
      asked = false;
      last = performance.now();
      act();
    }, wait);
  };
}

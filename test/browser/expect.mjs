import assert from "node:assert/strict";

export const equal = assert.deepEqual;
export const holds = (condition, what) => assert.ok(condition, what);
export function has(text, ...parts) {
  for (const part of parts) assert.ok(text.includes(part), `"${part}" is not in "${text}"`);
}

import { expect, it } from "vitest";
import { en } from "./en";
import { zh } from "./zh";

type Tree = { [key: string]: string | Tree };

function flat(tree: Tree, prefix = ""): Map<string, string> {
  const all = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === "string") all.set(prefix + key, value);
    else for (const [name, text] of flat(value, prefix + key + ".")) all.set(name, text);
  }
  return all;
}

function places(text: string): string {
  return (text.match(/\{\w+\}/g) ?? []).sort().join();
}

it("English has exactly the keys of Chinese, with the same places for values", () => {
  const chinese = flat(zh);
  const english = flat(en);
  expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort());
  for (const [key, text] of chinese) expect(places(english.get(key) ?? "")).toBe(places(text));
});

it("no word is empty, shouts, or holds a sign that the message syntax would take", () => {
  for (const [, text] of [...flat(zh), ...flat(en)]) {
    expect(text.trim()).not.toBe("");
    expect(text).not.toMatch(/[|@！!]/);
  }
});

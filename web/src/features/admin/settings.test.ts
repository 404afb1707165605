import { expect, it } from "vitest";
import { adminZh } from "@/i18n/admin";
import { changesOf, CHANNELS, OIDC, others, POLICY, wordKey } from "./settings";

const fields = CHANNELS[0]?.fields ?? [];

it("sends what was changed and nothing else", () => {
  const before = { "mail.url": "smtp://a:587", "mail.from": "a", "mail.password": "" };
  expect(changesOf(fields, before, { ...before }, [])).toEqual({});
  expect(changesOf(fields, before, { ...before, "mail.from": " b ", "mail.password": "x" }, [])).toEqual({ "mail.from": "b", "mail.password": "x" });
});

it("keeps a secret that was left empty, and takes it away when told", () => {
  expect(changesOf(fields, {}, { "mail.password": "" }, [])).toEqual({});
  expect(changesOf(fields, {}, { "mail.password": "" }, ["mail.password"])).toEqual({ "mail.password": "" });
});

it("hides no setting that it does not know", () => {
  const values = { "password.length": "8", "new.one": "1" };
  expect(others(POLICY, values).flatMap((group) => group.fields.map((one) => one.name))).toEqual(["new.one"]);
});

it("has words for every setting", () => {
  const names: Record<string, string> = adminZh.set.name;
  for (const group of [...POLICY, ...OIDC, ...CHANNELS]) for (const { name } of group.fields) expect(names[wordKey(name)], name).toBeTruthy();
});

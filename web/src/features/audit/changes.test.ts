import { expect, it } from "vitest";
import { changesOf } from "./changes";

it("puts what was and what is side by side", () => {
  expect(changesOf('{"name":"A","roles":"reader"}', '{"roles":"issuer","n":3}')).toEqual([
    { name: "name", before: "A", after: "" },
    { name: "roles", before: "reader", after: "issuer" },
    { name: "n", before: "", after: "3" },
  ]);
});

it("shows what is no object as it is", () => {
  expect(changesOf("", "")).toEqual([]);
  expect(changesOf("torn {", "[1]")).toEqual([{ name: "", before: "torn {", after: "[1]" }]);
});

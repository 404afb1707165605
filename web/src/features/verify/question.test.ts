import { expect, it } from "vitest";
import { check, emptyForm, fromPaste, isWholeNumber } from "./question";

const digital = { kind: "", kind_name: "", code: false, fourth: "total" as const };
const paper = { kind: "10", kind_name: "", code: true, fourth: "check_code" as const };

it("takes a QR code's text, a code with a number, and leaves a bare number alone", () => {
  expect(fromPaste("01,10,032001600511,31471858,198.04,20201004,01897109054748898321,0813,")).toEqual({
    kind: "10", code: "032001600511", number: "31471858", date: "2020-10-04", fourth: "898321",
  });
  expect(fromPaste("01,32,,24112000000048542163,4449.00,20240528,,ABCD")).toMatchObject({
    number: "24112000000048542163", fourth: "4449.00", date: "2024-05-28",
  });
  expect(fromPaste("032001600511 31471858")).toMatchObject({ code: "032001600511", number: "31471858" });
  expect(fromPaste("24112000000048542163")).toBeNull();
  expect(fromPaste("a,b,c,d,e,f")).toBeNull();
});

it("asks with exactly what the kind needs", () => {
  const form = { ...emptyForm(), number: "2411 2000 0000 4854 2163", date: "20240528", fourth: "4,449" };
  expect(check(form, digital)).toEqual({
    question: { number: "24112000000048542163", issue_date: "2024-05-28", total: "4449.00" }, wrong: {},
  });
  const old = { ...emptyForm(), number: "31471858", code: "032001600511", date: "2020-10-04", fourth: "01897 10905 47488 98321" };
  expect(check(old, paper)).toEqual({
    question: { number: "31471858", code: "032001600511", issue_date: "2020-10-04", check_code: "898321", kind: "10" },
    wrong: {},
  });
});

it("names each field that is missing", () => {
  expect(Object.keys(check(emptyForm(), paper).wrong).sort()).toEqual(["code", "date", "fourth", "number"]);
  expect(Object.keys(check(emptyForm(), digital).wrong).sort()).toEqual(["date", "fourth", "number"]);
  expect(isWholeNumber("1234567")).toBe(false);
  expect(isWholeNumber("１２３４５６７８")).toBe(true);
});

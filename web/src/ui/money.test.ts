import { describe, expect, it } from "vitest";
import { formatCount, formatMoney, groupDigits, parseMoney, sumMoney } from "./money";

describe("money", () => {
  it("groups thousands, keeps two decimals, dashes what is unknown", () => {
    const cases: [string, string][] = [
      ["4449", "4,449.00"],
      ["4197.17", "4,197.17"],
      ["-1234567.8", "-1,234,567.80"],
      ["0.05", "0.05"],
      ["123", "123.00"],
      ["12345678901234567890.12", "12,345,678,901,234,567,890.12"],
      ["", "—"],
      ["1.005", "—"],
      ["abc", "—"],
    ];
    for (const [value, text] of cases) expect(formatMoney(value)).toBe(text);
  });
  it("reads what people type", () => {
    expect(parseMoney("￥1,234.5")).toBe("1234.50");
    expect(parseMoney("１２３．４")).toBe("123.40");
    expect(parseMoney(" 007 元")).toBe("7.00");
    expect(parseMoney("1.234")).toBeNull();
    expect(parseMoney("")).toBeNull();
  });
  it("adds exactly", () => {
    expect(sumMoney(["0.10", "0.20", ""])).toBe("0.30");
    expect(sumMoney(["-0.10", "0.05"])).toBe("-0.05");
    expect(sumMoney(["9007199254740993.01", "0.01"])).toBe("9007199254740993.02");
    expect(sumMoney([])).toBe("0.00");
  });
  it("counts and groups digits", () => {
    expect(formatCount(88213)).toBe("88,213");
    expect(groupDigits("24112000000048542163")).toBe("2411 2000 0000 4854 2163");
    expect(groupDigits("12235358")).toBe("1223 5358");
    expect(groupDigits("01897109054748898321", 5)).toBe("01897 10905 47488 98321");
    expect(groupDigits("")).toBe("");
  });
});

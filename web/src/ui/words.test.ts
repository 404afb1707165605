import { expect, it } from "vitest";
import { moneyWords } from "./words";

it("prints amounts in capitals", () => {
  const cases: [string, string][] = [
    ["4449.00", "肆仟肆佰肆拾玖圆整"],
    ["130864.19", "壹拾叁万零捌佰陆拾肆圆壹角玖分"],
    ["0.05", "伍分"],
    ["0.50", "伍角整"],
    ["0.00", "零圆整"],
    ["10.05", "壹拾圆零伍分"],
    ["100000.00", "壹拾万圆整"],
    ["1000001.10", "壹佰万零壹圆壹角整"],
    ["100000000.00", "壹亿圆整"],
    ["-318.00", "（负数）叁佰壹拾捌圆整"],
    ["", ""],
  ];
  for (const [value, text] of cases) expect(moneyWords(value)).toBe(text);
});

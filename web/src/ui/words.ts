// 大写: an amount in Chinese capitals, as the law prints it. 4449.00 -> 肆仟肆佰肆拾玖圆整.
// Source: 支付结算办法 附一 正确填写票据和结算凭证的基本规定.
import { parseMoney } from "./money";

const DIGITS = "零壹贰叁肆伍陆柒捌玖";
const PLACES = ["", "拾", "佰", "仟"];
const SECTIONS = ["", "万", "亿", "万亿"];

function section(digits: string): string {
  let text = "";
  let zero = false;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[i]);
    if (digit === 0) zero = text !== "";
    else {
      text += (zero ? "零" : "") + DIGITS[digit] + PLACES[digits.length - 1 - i];
      zero = false;
    }
  }
  return text;
}

function whole(yuan: string): string {
  let text = "";
  let gap = false;
  for (let level = SECTIONS.length - 1; level >= 0; level--) {
    const end = yuan.length - level * 4;
    const digits = yuan.slice(Math.max(0, end - 4), Math.max(0, end));
    if (digits === "") continue;
    if (/^0+$/.test(digits)) gap = text !== "";
    else {
      text += (text !== "" && (gap || digits.startsWith("0")) ? "零" : "") + section(digits) + SECTIONS[level];
      gap = false;
    }
  }
  return text;
}

export function moneyWords(value: string): string {
  const money = parseMoney(value);
  if (money === null) return "";
  const [yuan = "0", cents = "00"] = money.replace("-", "").split(".");
  if (yuan.length > 16) return "";
  const jiao = Number(cents[0]);
  const fen = Number(cents[1]);
  const head = yuan === "0" ? (jiao + fen === 0 ? "零圆" : "") : whole(yuan) + "圆";
  const middle = jiao > 0 ? DIGITS[jiao] + "角" : fen > 0 && head !== "" ? "零" : "";
  const tail = fen > 0 ? DIGITS[fen] + "分" : "整";
  return (money.startsWith("-") ? "（负数）" : "") + head + middle + tail;
}

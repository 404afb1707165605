// Money and numbers as people read them. Amounts are strings from end to end: no floats touch them.

const MONEY = /^(-?)(\d+)(?:\.(\d{1,2}))?$/;

// "1234567.8" -> "1,234,567.80"; what is no amount (or "") becomes a dash.
export function formatMoney(value: string): string {
  const found = MONEY.exec(value.trim());
  if (!found) return "—";
  const grouped = (found[2] ?? "").replace(/^0+(?=\d)/, "").replace(/\B(?=(\d{3})+$)/g, ",");
  return `${found[1] ?? ""}${grouped}.${(found[3] ?? "").padEnd(2, "0")}`;
}

// What a person types ("1,234.5", "￥ 12", full-width digits) -> "1234.50", or null.
export function parseMoney(typed: string): string | null {
  const plain = halfWidth(typed).replace(/[,\s￥¥元]/g, "");
  const found = MONEY.exec(plain);
  if (!found) return null;
  return `${found[1] ?? ""}${(found[2] ?? "").replace(/^0+(?=\d)/, "")}.${(found[3] ?? "").padEnd(2, "0")}`;
}

function fen(value: string): bigint {
  const money = parseMoney(value);
  return money === null ? 0n : BigInt(money.replace(".", ""));
}

// Exact sum; unknown amounts count as nothing.
export function sumMoney(values: string[]): string {
  const sum = values.reduce((total, value) => total + fen(value), 0n);
  const digits = (sum < 0n ? -sum : sum).toString().padStart(3, "0");
  return `${sum < 0n ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

export function formatCount(value: number): string {
  return formatMoney(String(value)).slice(0, -3);
}

// Long digits in groups of four (a check code: five, as printed): a person compares group by group.
export function groupDigits(value: string, size: 4 | 5 = 4): string {
  return value.replace(new RegExp(`(.{${size}})(?=.)`, "g"), "$1 ");
}

// Full-width digits, letters and signs become ASCII.
export function halfWidth(text: string): string {
  return text
    .replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(/[。．]/g, ".")
    .replace(/\u3000/g, " ");
}

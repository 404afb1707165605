// Days as YYYY-MM-DD and times of 24 hours, in the reader's own time zone.

function two(value: number): string {
  return String(value).padStart(2, "0");
}

export function dayOf(date: Date): string {
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

// "2024-05-28T01:02:03Z" -> "2024-05-28 09:02"; "" stays "".
export function formatTime(utc: string): string {
  const date = new Date(utc);
  if (utc === "" || Number.isNaN(date.getTime())) return "";
  return `${dayOf(date)} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

// With seconds, and the day only when it is not `today`: "12:03:07", "2026-11-20 12:03:07".
export function formatMoment(utc: string, today: Date): string {
  const date = new Date(utc);
  if (utc === "" || Number.isNaN(date.getTime())) return "";
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return dayOf(date) === dayOf(today) ? clock : `${dayOf(date)} ${clock}`;
}

export interface DayRange {
  from: string;
  to: string;
}
export type RangeName = "month" | "last_month" | "quarter";

export function rangeOf(name: RangeName, today: Date): DayRange {
  const year = today.getFullYear();
  const month = today.getMonth();
  const first = name === "month" ? month : name === "last_month" ? month - 1 : month - (month % 3);
  const months = name === "quarter" ? 3 : 1;
  return { from: dayOf(new Date(year, first, 1)), to: dayOf(new Date(year, first + months, 0)) };
}

// What a person types as a date (20240528, 2024年5月28日, 2024/5/28) -> YYYY-MM-DD, or null.
export function parseDay(typed: string): string | null {
  const text = typed.trim().replace(/[\uff10-\uff19]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0));
  const found = /^(\d{4})(\d{2})(\d{2})$/.exec(text) ?? /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$/.exec(text);
  if (!found) return null;
  const [year, month, day] = [Number(found[1]), Number(found[2]), Number(found[3])];
  const date = new Date(year, month - 1, day);
  return date.getMonth() === month - 1 && date.getDate() === day ? dayOf(date) : null;
}

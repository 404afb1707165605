// What went wrong, as a person should read it: RFC 9457 documents of the server, or our own words
// when no server answered.
import type { Problem, Sentence } from "./types";

export class ApiError extends Error {
  constructor(
    readonly status: number, // 0: nothing answered
    readonly code: string,
    readonly says: Sentence,
    readonly fields: Record<string, Sentence> = {},
    readonly retryAfterSeconds = 0,
  ) {
    super(says.en);
  }
  // Whether the same request may succeed later without a change.
  get passing(): boolean {
    return this.status === 0 || this.status === 503 || this.status === 502 || this.status === 504;
  }
}

export const NO_ANSWER: Sentence = {
  zh: "服务没有应答。请确认它在运行，网络恢复后会自动继续。",
  en: "The server does not answer. Make sure it is running; work goes on when it is back.",
};

function sentence(problem: Partial<Problem>, status: number): Sentence {
  const zh = problem.detail || problem.title || `服务返回了 ${status}，没有说明原因。请稍后再试。`;
  const en = problem.detail_en || problem.title_en || `The server answered ${status} without a reason. Try again later.`;
  return { zh, en };
}

// Accepts any text: a proxy in between may answer with HTML.
export function problemOf(status: number, body: string, retryAfter: string | null): ApiError {
  let problem: Partial<Problem> = {};
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === "object" && parsed !== null) problem = parsed as Partial<Problem>;
  } catch {
    problem = {};
  }
  const fields: Record<string, Sentence> = {};
  for (const error of problem.errors ?? []) fields[error.field] = { zh: error.zh, en: error.en };
  const seconds = /^\d{1,7}$/.test(retryAfter ?? "") ? Number(retryAfter) : 0;
  return new ApiError(status, problem.code ?? "", sentence(problem, status), fields, seconds);
}

export function noAnswer(): ApiError {
  return new ApiError(0, "no_answer", NO_ANSWER);
}

// Getting one file to the server: small ones in one request, large or interrupted ones by tus.
// Either way the same idempotency key goes along, so that trying again never makes a second copy.
import { API } from "@/api/client";
import { ApiError, noAnswer, problemOf } from "@/api/problem";
import type { Arrival } from "@/api/types";

export const MIB = 1024 * 1024;
export const SMALL_BYTES_MAX = 4 * MIB;
export const CHUNK_BYTES = 4 * MIB;
export const DOCUMENT_BYTES_MAX = 64 * MIB;
const RETRY_DELAYS_MS = [0, 1000, 3000, 5000, 10000, 20000];

export interface Steps {
  progress: (percent: number) => void;
  paused: () => void;
}

export function percentOf(sent: number, all: number): number {
  return all === 0 ? 100 : Math.min(100, Math.floor((sent / all) * 100));
}

// Answers the reference under which the bytes are durable.
export function sendSmall(file: File, key: string, steps: Steps): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", API + "/documents");
    request.setRequestHeader("Idempotency-Key", key);
    request.setRequestHeader("Accept", "application/json");
    request.upload.onprogress = (event) => steps.progress(percentOf(event.loaded, event.total));
    request.onerror = () => reject(noAnswer());
    request.onload = () => {
      if (request.status !== 200 && request.status !== 201) {
        reject(problemOf(request.status, request.responseText, request.getResponseHeader("Retry-After")));
        return;
      }
      try {
        resolve((JSON.parse(request.responseText) as Arrival).reference);
      } catch {
        reject(problemOf(request.status, "", null));
      }
    };
    const form = new FormData();
    form.append("file", file, file.name);
    request.send(form);
  });
}

export async function sendLarge(file: File, key: string, steps: Steps): Promise<string> {
  const tus = await import("tus-js-client"); // only large files pay for it
  return new Promise((resolve, reject) => {
    let reference = "";
    const upload = new tus.Upload(file, {
      endpoint: API + "/uploads",
      chunkSize: CHUNK_BYTES,
      retryDelays: RETRY_DELAYS_MS,
      removeFingerprintOnSuccess: true,
      metadata: { filename: file.name, idempotency_key: key },
      onProgress: (sent, all) => steps.progress(percentOf(sent, all ?? file.size)),
      onShouldRetry: (error) => {
        const status = error.originalResponse?.getStatus() ?? 0;
        const again = status === 0 || status === 409 || status === 423 || status >= 500;
        if (again) steps.paused();
        return again;
      },
      onAfterResponse: (_, response) => {
        reference = response.getHeader("Fapiao-Reference") ?? reference;
      },
      onSuccess: () => (reference === "" ? reject(noAnswer()) : resolve(reference)),
      onError: (error) => {
        const response = "originalResponse" in error ? error.originalResponse : null;
        reject(response ? problemOf(response.getStatus(), response.getBody(), null) : noAnswer());
      },
    });
    void upload.findPreviousUploads().then((previous) => {
      if (previous[0]) upload.resumeFromPreviousUpload(previous[0]);
      upload.start();
    });
  });
}

export async function send(file: File, key: string, steps: Steps): Promise<string> {
  if (file.size > SMALL_BYTES_MAX) return sendLarge(file, key, steps);
  try {
    return await sendSmall(file, key, steps);
  } catch (error) {
    // Broken off on the way: go on by tus, which waits for the line to come back.
    if (error instanceof ApiError && error.status === 0) {
      steps.paused();
      return sendLarge(file, key, steps);
    }
    throw error;
  }
}

// A random key; crypto.randomUUID is absent on plain-http pages of other hosts.
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

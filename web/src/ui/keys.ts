// Keys that work on a page, as long as nobody is typing.
import { onBeforeUnmount, onMounted } from "vue";

export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement && target.type === "checkbox") return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

// `keys`: what event.key is → what to do. Nothing happens with Ctrl, Alt or Meta, nor in a dialog.
export function useKeys(keys: Record<string, (event: KeyboardEvent) => void>): void {
  function pressed(event: KeyboardEvent): void {
    const act = keys[event.key];
    if (!act || event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    act(event);
  }
  onMounted(() => document.addEventListener("keydown", pressed));
  onBeforeUnmount(() => document.removeEventListener("keydown", pressed));
}

// States of a message to somebody, as a colour and a sign each.
import type { IconName } from "@/ui/icons";

export const STATES: Record<string, { tone: string; icon: IconName }> = {
  waiting: { tone: "info", icon: "clock" },
  failed: { tone: "warn", icon: "warning" },
  sent: { tone: "good", icon: "check" },
  given_up: { tone: "bad", icon: "cross" },
};

// What was sent stays sent; all else may be tried at once.
export const mayRetry = (state: string): boolean => state !== "sent";

// How the state of an invoice looks: colour, icon, and the key of its word.
import type { InvoiceState } from "@/api/types";
import type { IconName } from "@/ui/icons";

export const INVOICE_STATES: Record<InvoiceState, { tone: string; icon: IconName }> = {
  normal: { tone: "good", icon: "check" },
  voided: { tone: "bad", icon: "cross" },
  red_partial: { tone: "violet", icon: "minus" },
  red_full: { tone: "violet", icon: "cross" },
  red: { tone: "violet", icon: "minus" },
};

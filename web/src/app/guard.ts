// Which screen somebody gets to see. The server decides what they may; this spares them the detour.
import { menuOf } from "@/features/admin/pages";
import type { RouteLocationNormalized, RouteLocationRaw, Router } from "vue-router";

export interface Known {
  session: { acts: string[] } | null;
  stranger: boolean;
  known: () => Promise<void>;
}

// true: go on.
export function wayOf(to: Pick<RouteLocationNormalized, "name" | "meta" | "fullPath">, who: Omit<Known, "known">): true | RouteLocationRaw {
  if (to.meta.open === true) return true;
  if (who.session === null) return who.stranger ? { name: "sign-in", query: { to: to.fullPath } } : true;
  // The first screen is of documents; who has none begins with what they administer, or their account.
  const { acts } = who.session;
  if (to.name === "home" && !acts.includes("read_documents")) return menuOf((act) => acts.includes(act))?.to ?? { name: "account" };
  return true;
}

export function guard(router: Router, who: Known): void {
  router.beforeEach(async (to) => {
    // Where everybody may go it is asked, too: the frame shows who is here and what they may, and a
    // server that doesn't answer keeps nobody from such a page.
    await who.known().catch((wrong: unknown) => {
      if (to.meta.open !== true) throw wrong;
    });
    return wayOf(to, who);
  });
}

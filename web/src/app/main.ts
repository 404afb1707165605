import { createPinia } from "pinia";
import { createApp } from "vue";
import { whenStale, whenStranger } from "@/api/client";
import { useSure } from "@/features/people/sure";
import { useWho } from "@/features/people/who";
import { i18n } from "@/i18n";
import App from "./App.vue";
import { guard } from "./guard";
import { router } from "./routes";
import "@/ui/element";
import "./style.css";

const app = createApp(App).use(createPinia()).use(i18n);
const who = useWho();
guard(router, who);
whenStranger(() => {
  who.refused();
  const here = router.currentRoute.value;
  // On the way to the first page the guard leads.
  if (here.matched.length > 0 && here.meta.open !== true) void router.replace({ name: "sign-in", query: { to: here.fullPath } });
});
whenStale(useSure().ask);
app.use(router);
// Not before it is known who is here: what they may not do doesn't flash up first.
void router.isReady().finally(() => app.mount("#app"));

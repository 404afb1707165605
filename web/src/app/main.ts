import { createPinia } from "pinia";
import { createApp } from "vue";
import { i18n } from "@/i18n";
import App from "./App.vue";
import { router } from "./routes";
import "@/ui/element";
import "./style.css";

createApp(App).use(createPinia()).use(i18n).use(router).mount("#app");

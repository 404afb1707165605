import vue from "@vitejs/plugin-vue";
import { fileURLToPath } from "node:url";
import type { Plugin } from "postcss";
import { defineConfig } from "vitest/config";

// Element Plus counts in pixels: its sizes follow the page's, of which 14 px are one rem.
const elementInRem: Plugin = {
  postcssPlugin: "element-in-rem",
  Declaration(declaration) {
    if (!declaration.source?.input.file?.includes("element-plus") || declaration.value.includes("url(")) return;
    declaration.value = declaration.value.replace(/(\d+)px/g, (all, px) => (Number(px) > 3 ? `${+(Number(px) / 14).toFixed(4)}rem` : all));
  },
};

// The page's policy is default-src 'self': nothing inline, no data: addresses, no eval.
export default defineConfig({
  plugins: [vue()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  define: {
    __VUE_OPTIONS_API__: "true", // Element Plus needs it
    __VUE_PROD_DEVTOOLS__: "false",
    __VUE_I18N_FULL_INSTALL__: "false",
    __VUE_I18N_LEGACY_API__: "false",
    __INTLIFY_PROD_DEVTOOLS__: "false",
    __INTLIFY_JIT_COMPILATION__: "true",
  },
  css: { postcss: { plugins: [elementInRem] } },
  build: {
    target: "es2021",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
    chunkSizeWarningLimit: 700,
    rollupOptions: {
      output: {
        manualChunks: (id) =>
          id.includes("node_modules/element-plus") || id.includes("node_modules/dayjs")
            ? undefined
            : id.includes("node_modules/tus-js-client")
              ? "tus"
              : /node_modules\/(vue|@vue|vue-router|pinia|vue-i18n|@intlify)\//.test(id)
                ? "vue"
                : undefined,
      },
    },
  },
  server: { host: "127.0.0.1", proxy: { "/api": process.env.FAPIAO_URL ?? "http://127.0.0.1:8080" } },
  test: { include: ["src/**/*.test.ts"], environment: "node", setupFiles: ["./test_setup.ts"] },
});

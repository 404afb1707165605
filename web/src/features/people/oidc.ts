// Why signing in by an identity provider, or linking it, went wrong: the address says so.
import { computed } from "vue";
import { useI18n } from "vue-i18n";
import { useRoute } from "vue-router";

export function useOidcWhy() {
  const { t, te } = useI18n();
  const route = useRoute();
  return computed(() => {
    const problem = route.query.problem;
    const key = typeof problem === "string" && problem.startsWith("oidc_") ? "people.oidc." + problem.slice(5) : "";
    return key !== "" && te(key) ? t(key) : "";
  });
}

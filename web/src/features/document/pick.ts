// Choosing files by the system's own dialog, or by the camera of a phone.
import { useI18n } from "vue-i18n";
import { useRouter } from "vue-router";
import type { Sentence } from "@/api/types";
import { i18n } from "@/i18n";
import { useUploads } from "./uploads";

const ACCEPT = ".zip,.ofd,.pdf,.xml,.jpg,.jpeg,.png,.webp,.bmp,.tif,.tiff,image/*,application/zip,application/pdf,application/xml,text/xml";

function both(key: string): Sentence {
  const { t } = i18n.global;
  return { zh: t(key, {}, { locale: "zh" }), en: t(key, {}, { locale: "en" }) };
}

export function useTake(): (files: File[]) => void {
  const uploads = useUploads();
  return (files) => {
    if (files.length > 0) uploads.add(files, both);
  };
}

export function usePick(): (camera: boolean) => void {
  const take = useTake();
  const router = useRouter();
  const { locale } = useI18n();
  return (camera) => {
    const input = document.createElement("input");
    input.type = "file";
    input.lang = locale.value;
    input.accept = camera ? "image/*" : ACCEPT;
    input.multiple = !camera;
    if (camera) input.setAttribute("capture", "environment");
    input.addEventListener("change", () => {
      take([...(input.files ?? [])]);
      if (camera) void router.push("/");
    });
    input.click();
  };
}

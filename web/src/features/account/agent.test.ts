import { expect, it } from "vitest";
import { agentName } from "./agent";

it("names browser and system as people do", () => {
  const edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0";
  expect(agentName(edge)).toBe("Edge · Windows");
  expect(agentName("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605 Version/17.0 Mobile Safari/604")).toBe("Safari · iOS");
  expect(agentName("curl/8.0")).toBe("curl/8.0");
  expect(agentName("")).toBe("?");
});

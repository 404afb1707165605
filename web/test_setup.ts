// What browsers call `crypto` the Node 18 of Debian 12 has in a module alone.
import { webcrypto } from "node:crypto";

if (!("crypto" in globalThis)) Object.defineProperty(globalThis, "crypto", { value: webcrypto });

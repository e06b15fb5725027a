// A headless Chromium for a test.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { packages } from "../npm.mjs";

/**
 * @param folder      for node_modules
 * @param executable  Chromium's
 * @param args        more of its options
 */
export function launch(folder, executable, args = []) {
  const { chromium } = packages(fileURLToPath(new URL("package.json", import.meta.url)), folder)("playwright-core");
  if (!existsSync(executable)) throw new Error(`there is no ${executable}: run tools/setup.sh`);
  // Chromium has no sandbox for root, and containers have little shared memory.
  const forRoot = process.getuid() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({
    executablePath: executable,
    args: ["--disable-gpu", "--disable-dev-shm-usage", ...forRoot, ...args],
  });
}

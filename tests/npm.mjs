// Packages from npm for a test: in the build folder, and fetched once.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

/**
 * Installs what a package.json names with exact versions.
 * @param wanted  the package.json's path
 * @param folder  where node_modules is to be; made if need be
 * @returns `require` for what is there
 */
export function packages(wanted, folder) {
  const text = readFileSync(wanted, "utf8");
  const done = join(folder, "node_modules", ".installed");
  if (!existsSync(done) || readFileSync(done, "utf8") !== text) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), text);
    const npm = spawnSync("npm", ["install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"],
      { cwd: folder, encoding: "utf8" });
    if (npm.status !== 0) throw new Error(`npm install in ${folder} failed: ${npm.error ?? npm.stderr}`);
    writeFileSync(done, text);
  }
  return createRequire(resolve(folder, "package.json"));
}

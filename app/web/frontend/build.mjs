// Bundles the style sheets, scripts and typefaces: hashed files with a manifest for the browser, whole fonts for the PDF.
//
//   node build.mjs BUILT FONTS
//
// BUILT gets what browsers fetch, each file under a name that holds the hash of its bytes, manifest.json (plain name ->
// hashed name) and THIRD-PARTY.txt. FONTS gets the complete TrueType files that the PDF is set in. Both are emptied first.
import { build } from "esbuild";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const modules = path.join(here, "node_modules");
const web = path.dirname(here);
const [built, fonts] = process.argv.slice(2).map((given) => path.resolve(given));
if (!built || !fonts) throw new Error("usage: node build.mjs BUILT FONTS");

// What a page may ask for: every sheet, script and picture that lies directly in static/ or editor/.
const BUNDLED = new Set([".css", ".js"]);
const COPIED = new Set([".svg", ".png", ".ico", ".webp"]);
const ENTRY_FOLDERS = ["static", "editor"];

// The faces of the pages. The print faces are complete fonts: split ones print wrong letters.
const SUBSETS = ["cyrillic", "greek", "latin-ext", "latin"];
const PAGE_FACES = ["400", "400-italic", "600"];
const PAGE_FAMILIES = ["@fontsource/source-serif-4", "@fontsource/source-sans-3"];
const PRINT_FACES = {
  "@expo-google-fonts/source-serif-4": ["400Regular", "400Regular_Italic", "600SemiBold", "600SemiBold_Italic"],
  "@expo-google-fonts/source-sans-3": ["400Regular", "400Regular_Italic", "600SemiBold", "600SemiBold_Italic"],
  "@expo-google-fonts/source-code-pro": ["400Regular"],
};

const emptied = (folder) => {
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
};

/** Files of static/ and editor/ with one of these endings, in a fixed order. */
function entries(endings) {
  return ENTRY_FOLDERS.map((name) => path.join(web, name))
    .filter((folder) => fs.existsSync(folder))
    .flatMap((folder) =>
      fs
        .readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isFile() && endings.has(path.extname(entry.name)))
        .map((entry) => path.join(folder, entry.name)),
    )
    .sort();
}

/** One sheet of @font-face rules: only the scripts we keep, only woff2, each with its unicode-range. */
function pageFaces() {
  const rules = [];
  for (const family of PAGE_FAMILIES) {
    for (const face of PAGE_FACES) {
      const [weight, style = "normal"] = face.split("-");
      const sheet = fs.readFileSync(path.join(modules, family, `${face}.css`), "utf8");
      for (const [, file, range] of sheet.matchAll(/url\((\.\/files\/[\w-]+\.woff2)\)[^}]*unicode-range:\s*([^;]+);/g)) {
        const subset = SUBSETS.find((name) => file.includes(`-${name}-${weight}-`));
        if (!subset) continue;
        rules.push(
          `@font-face{font-family:"${family.includes("serif") ? "Source Serif 4" : "Source Sans 3"}";` +
            `font-style:${style};font-weight:${weight};` +
            `font-display:swap;src:url("${family}/${file.slice(2)}") format("woff2");unicode-range:${range.trim()}}`,
        );
      }
    }
  }
  const expected = PAGE_FAMILIES.length * PAGE_FACES.length * SUBSETS.length;
  if (rules.length !== expected) throw new Error(`expected ${expected} font files for the pages, found ${rules.length}`);
  return rules.join("\n");
}

const fontSheet = {
  name: "font-sheet",
  setup(bundler) {
    bundler.onResolve({ filter: /^fonts\.css$/ }, () => ({ path: "fonts.css", namespace: "generated" }));
    bundler.onLoad({ filter: /.*/, namespace: "generated" }, () => ({
      contents: pageFaces(),
      loader: "css",
      resolveDir: here,
    }));
  },
};

/** The packages that the outputs are made of, from the paths of the inputs. */
function packagesIn(metafile) {
  const names = new Set(Object.keys(PRINT_FACES));
  for (const input of Object.keys(metafile.inputs)) {
    const found = [...input.matchAll(/node_modules\/((?:@[^/]+\/)?[^/]+)\//g)].pop();
    if (found) names.add(found[1]);
  }
  return [...names].sort();
}

/** Name, version, licence and licence text of each package, as their licences ask for. */
function thirdParty(names) {
  return names
    .map((name) => {
      const folder = path.join(modules, name);
      const { version, license } = JSON.parse(fs.readFileSync(path.join(folder, "package.json"), "utf8"));
      const texts = fs
        .readdirSync(folder)
        .filter((file) => /^(licen[cs]e|copying|notice)/i.test(file))
        .sort()
        .map((file) => fs.readFileSync(path.join(folder, file), "utf8").trim());
      if (texts.length === 0) throw new Error(`${name} has no licence text`);
      return `${name} ${version} (${license})\n${"=".repeat(72)}\n${texts.join("\n\n")}\n`;
    })
    .join("\n\n");
}

emptied(built);
emptied(fonts);

const result = await build({
  entryPoints: [...entries(BUNDLED), ...entries(COPIED), "fonts.css"],
  outdir: built,
  outbase: web,
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  bundle: true,
  splitting: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  nodePaths: [modules],
  loader: { ".woff2": "file", ".svg": "copy", ".png": "copy", ".ico": "copy", ".webp": "copy" },
  plugins: [fontSheet],
  metafile: true,
  absWorkingDir: here,
  logLevel: "warning",
});

const manifest = {};
for (const [output, { entryPoint }] of Object.entries(result.metafile.outputs)) {
  if (!entryPoint) continue;
  const plain = path.basename(entryPoint.replace(/^generated:/, ""));
  if (manifest[plain]) throw new Error(`two files are called ${plain}`);
  manifest[plain] = path.basename(output);
}
const sorted = Object.fromEntries(Object.entries(manifest).sort(([a], [b]) => (a < b ? -1 : 1)));
fs.writeFileSync(path.join(built, "manifest.json"), JSON.stringify(sorted, null, 1) + "\n");

for (const [family, faces] of Object.entries(PRINT_FACES)) {
  const folder = path.join(modules, family);
  for (const face of faces) {
    const file = fs.readdirSync(path.join(folder, face)).find((name) => name.endsWith(".ttf"));
    if (!file) throw new Error(`${family} has no font in ${face}`);
    fs.copyFileSync(path.join(folder, face, file), path.join(fonts, file));
  }
}

const licences = thirdParty(packagesIn(result.metafile));
fs.writeFileSync(path.join(built, "THIRD-PARTY.txt"), licences);
fs.writeFileSync(path.join(fonts, "THIRD-PARTY.txt"), thirdParty(Object.keys(PRINT_FACES).sort()));

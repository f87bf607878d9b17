// One line of JSON in ({"old", "new", "form"}), one out: what the npm package "diff" made of it and what the call cost.
const diff = require(`${process.argv[2]}/node_modules/diff`);
const lines = require("node:readline").createInterface({ input: process.stdin, crlfDelay: Infinity });

lines.on("line", (line) => {
  const { old, new: now, form } = JSON.parse(line);
  const before = process.cpuUsage();
  const began = process.hrtime.bigint();
  const found = diff[form](old, now);
  const wall = Number(process.hrtime.bigint() - began) / 1e9;
  const used = process.cpuUsage(before);
  const made = found.map((part) => [part.added ? 1 : part.removed ? -1 : 0, part.value]);
  process.stdout.write(`${JSON.stringify({ made, wall, cpu: (used.user + used.system) / 1e6 })}\n`);
});

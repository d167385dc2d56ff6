// Preloaded into a command that is measured: says at its end how much memory it held at most, in KB.
process.on("exit", () => process.send?.({ maxRssKb: process.resourceUsage().maxRSS }));

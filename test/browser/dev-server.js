/**
 * A dev server as a user's own script would start one: node dev-server.js <bundler> <root> [framework].
 * Says "ready <url>" when it listens, and ends with its standard input.
 */
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { pluginOptions } from "../support/plugin-options.js";

const [bundler, givenRoot, framework] = process.argv.slice(2);
const root = resolve(givenRoot);
const options = pluginOptions(root);
const scope = (await import(`unplugin-scope/${bundler}`)).default;
process.chdir(root);

/** Babel looks from the app for what is installed here. */
const own = (name) => fileURLToPath(import.meta.resolve(name));

/** Vite: what is asked for below /on-server/ is loaded by the server, as for a page that it renders. */
const loadOnServer = {
  name: "load-on-server",
  configureServer(server) {
    server.middlewares.use("/on-server", async (request, response) => {
      const loaded = await server.ssrLoadModule(request.url).then(
        () => "loaded",
        () => "failed",
      );
      response.end(loaded);
    });
  },
};

const servers = {
  async vite() {
    const { createServer } = await import("vite");
    const frameworks = {
      react: async () => (await import("@vitejs/plugin-react")).default(),
      vue: async () => (await import("@vitejs/plugin-vue")).default(),
      svelte: async () => (await import("@sveltejs/vite-plugin-svelte")).svelte({ configFile: false }),
    };
    const server = await createServer({
      root,
      base: process.env.TEST_BASE ?? "/",
      configFile: false,
      clearScreen: false,
      server: { host: "127.0.0.1", port: 0, fs: { strict: false } },
      plugins: [scope(options), loadOnServer, await frameworks[framework]?.()],
    });
    await server.listen();
    return { url: server.resolvedUrls.local[0], close: () => server.close() };
  },

  async webpack() {
    const { default: webpack } = await import("webpack");
    const { default: Server } = await import("webpack-dev-server");
    return startPacked(webpack, Server, {
      react: async () => ({
        rules: [
          {
            test: /\.jsx$/,
            use: {
              loader: "babel-loader",
              options: {
                presets: [[own("@babel/preset-react"), { runtime: "automatic" }]],
                plugins: [own("react-refresh/babel")],
                babelrc: false,
                configFile: false,
              },
            },
          },
        ],
        plugins: [new (await import("@pmmmwh/react-refresh-webpack-plugin")).default()],
      }),
    });
  },

  async rspack() {
    const core = await import("@rspack/core");
    const { RspackDevServer } = await import("@rspack/dev-server");
    return startPacked(core.rspack, RspackDevServer, {
      react: async () => ({
        rules: [
          {
            test: /\.jsx$/,
            loader: "builtin:swc-loader",
            options: {
              jsc: {
                parser: { syntax: "ecmascript", jsx: true },
                transform: { react: { runtime: "automatic", development: true, refresh: true } },
              },
            },
          },
        ],
        plugins: [new (await import("@rspack/plugin-react-refresh")).ReactRefreshRspackPlugin()],
      }),
    });
  },
};

/** webpack and Rspack: one config, one way to serve. */
async function startPacked(create, Server, { react }) {
  const frameworks = {
    react,
    vue: async () => ({
      rules: [
        {
          test: /\.vue$/,
          loader: "vue-loader",
          options: { experimentalInlineMatchResource: bundler === "rspack" },
        },
      ],
      plugins: [new (await import("vue-loader")).VueLoaderPlugin()],
    }),
    svelte: async () => ({
      rules: [
        {
          test: /\.svelte$/,
          loader: "svelte-loader",
          options: { compilerOptions: { dev: true }, hotReload: true },
        },
        { test: /node_modules\/svelte\/.*\.m?js$/, resolve: { fullySpecified: false } },
      ],
      resolve: { conditionNames: ["svelte", "browser", "import", "..."] },
    }),
  };
  const { rules = [], plugins = [], resolve: resolving } = (await frameworks[framework]?.()) ?? {};
  const compiler = create({
    mode: "development",
    context: root,
    entry: "./src/main.js",
    output: { path: `${root}/out`, publicPath: "/" },
    module: { rules },
    resolve: { symlinks: true, ...resolving },
    resolveLoader: { modules: [resolve(import.meta.dirname, "../../node_modules")] },
    infrastructureLogging: { level: "info" },
    plugins: [scope(options), ...plugins],
  });
  const server = new Server(
    {
      host: "127.0.0.1",
      port: 0,
      hot: true,
      static: false,
      setupMiddlewares: (middlewares) => [
        { name: "page", path: "/", middleware: (request, response, next) => page(request, response, next) },
        ...middlewares,
      ],
    },
    compiler,
  );
  const page = async (request, response, next) => {
    if (request.url !== "/") return next();
    const { readFile } = await import("node:fs/promises");
    const html = await readFile(`${root}/index.html`, "utf8");
    response.setHeader("content-type", "text/html");
    response.end(html.replace(/<script.*<\/script>/, '<script src="/main.js" defer></script>'));
  };
  const isDone = new Promise((done) => compiler.hooks.done.tap("ready", done));
  await server.start();
  await isDone;
  const { port } = server.server.address();
  return { url: `http://127.0.0.1:${port}/`, close: () => server.stop() };
}

const server = await servers[bundler]();
console.log(`ready ${server.url}`);
process.stdin.on("end", async () => {
  await server.close();
  process.exit();
});
process.stdin.resume();

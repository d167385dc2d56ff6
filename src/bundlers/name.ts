/** The plugin's name in every bundler. */
export const PLUGIN_NAME = "unplugin-scope";

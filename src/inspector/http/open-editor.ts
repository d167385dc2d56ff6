/** Opens a file at a place in the editor that runs here, or that `LAUNCH_EDITOR` names. */
export async function openInEditor(file: string, line: number, column: number): Promise<void> {
  const { default: launchEditor } = await import("launch-editor");
  // What goes wrong is printed where the server runs.
  launchEditor(`${file}:${line}:${column}`);
}

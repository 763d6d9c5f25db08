/** Hands a text to the browser as a file to keep. */
export function saveTextFile(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = address;
  // A file's name takes no path separators anywhere.
  link.download = name.replace(/[/\\:*?"<>|]/g, '_');
  link.click();
  URL.revokeObjectURL(address);
}

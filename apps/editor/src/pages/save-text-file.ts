/** Hands a text to the browser as a file to keep. */
export function saveTextFile(name: string, text: string, type = 'application/json'): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = address;
  // A file's name takes no path separators anywhere.
  link.download = name.replace(/[/\\:*?"<>|]/g, '_');
  link.click();
  URL.revokeObjectURL(address);
}

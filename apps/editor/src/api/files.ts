import { client } from './client.ts';
import { unwrap } from './problem.ts';

/** Uploads a file that goes with a question, and gives the value that a `file` input wants. */
export async function uploadLooseFile(file: File) {
  const form = new FormData();
  form.append('file', file);
  const { name, mediaType, sha256, bytes } = await unwrap(
    // The contract has the file as a binary string; what is sent is the form.
    client.POST('/api/files', { body: { file: file.name }, bodySerializer: () => form }),
  );
  return { name, mediaType: mediaType ?? 'application/octet-stream', sha256, bytes };
}
